import { test } from 'tap'
import { type Facts } from '../../../ops/stack/facts.ts'
import { chooseProvider, localObstacle } from '../../../ops/stack/provider.ts'
import { serviceNames, type ServiceName } from '../../../ops/stack/stack.ts'

const full: Facts = { java: '17.0.15', maven: '3.8.7', chdb: '3.4.0', docker: '28.2.2' }
const { docker: _, ...noDocker } = { ...full, dockerProblem: 'the docker command finds no engine' }
const nothing: Facts = { dockerProblem: 'the docker command is not installed' }
const none = new Set<ServiceName>()

test('the provider is the first that can run when none is asked for', async t => {
  t.match(chooseProvider('auto', full, serviceNames, none), { provider: 'docker', reason: 'Docker engine 28.2.2 answers' })
  t.match(chooseProvider('auto', noDocker, serviceNames, none), { provider: 'local', reason: 'no Docker engine, but Java 17.0.15' })
  t.match(chooseProvider('auto', nothing, serviceNames, none), { provider: 'memory', reason: 'no Docker engine, and Java was not found; nothing is kept' })
})

test('the provider is the one asked for when it can run', async t => {
  t.equal(chooseProvider('local', full, serviceNames, none).provider, 'local')
  t.equal(chooseProvider('docker', full, serviceNames, none).provider, 'docker')
  t.equal(chooseProvider('memory', full, serviceNames, none).provider, 'memory')
})

test('the provider asked for is refused with what is missing when it cannot run', async t => {
  t.throws(() => chooseProvider('docker', noDocker, serviceNames, none), { code: 'OPS_DOCKER_UNAVAILABLE', message: /finds no engine/ })
  t.throws(() => chooseProvider('local', nothing, serviceNames, none), { code: 'OPS_JAVA_MISSING' })
  t.throws(() => chooseProvider('local', { ...noDocker, java: '11.0.2' }, serviceNames, none), { code: 'OPS_JAVA_TOO_OLD', message: /11\.0\.2/ })
  const { maven: _gone, ...noMaven } = noDocker
  t.throws(() => chooseProvider('local', noMaven, serviceNames, none), { code: 'OPS_MAVEN_MISSING' })
})

test('Maven is not needed when every program is here already', async t => {
  const { maven: _gone, ...noMaven } = noDocker
  t.equal(localObstacle(noMaven, serviceNames, new Set(['kafka', 'registry', 'redis'])), undefined)
  t.equal(localObstacle({ ...noMaven, redis: '7.0.15' }, serviceNames, new Set(['kafka', 'registry'])), undefined)
  t.equal(localObstacle({ ...noMaven, redis: '5.0.1' }, serviceNames, new Set(['kafka', 'registry']))?.code, 'OPS_MAVEN_MISSING')
})

test('Java is not needed when broker and registry are elsewhere', async t => {
  t.equal(localObstacle(nothing, ['clickhouse', 'gateway'], none), undefined)
  t.equal(localObstacle({ ...nothing, redis: '8.0.1' }, ['redis', 'gateway'], none), undefined)
  t.equal(chooseProvider('auto', nothing, ['clickhouse'], none).provider, 'local')
})
