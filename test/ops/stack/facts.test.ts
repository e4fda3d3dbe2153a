import { test } from 'tap'
import { ask, dockerFacts, gatherFacts, isUsableRedis, javaMajor, javaVersion, mavenVersion, redisVersion } from '../../../ops/stack/facts.ts'

test('the version of Java is found when any vendor says it', async t => {
  t.equal(javaVersion('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime'), '17.0.15')
  t.equal(javaVersion('java version "1.8.0_292"'), '1.8.0_292')
  t.equal(javaVersion('openjdk version "25-ea" 2025-09-16'), '25-ea')
  t.equal(javaVersion('command not found'), undefined)
  t.same(['17.0.15', '1.8.0_292', '25-ea', '21'].map(javaMajor), [17, 8, 25, 21])
})

test('the version of Maven is found when its line is coloured', async t => {
  t.equal(mavenVersion('\u001b[1mApache Maven 3.8.7\u001b[m\nMaven home: /usr/share/maven'), '3.8.7')
  t.equal(mavenVersion('Apache Maven 4.0.0-rc-3 (abc)'), '4.0.0-rc-3')
  t.equal(mavenVersion(''), undefined)
})

test('the version of Redis or Valkey is found, and judged by its first number', async t => {
  t.equal(redisVersion('Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc'), '7.0.15')
  t.equal(redisVersion('Valkey server v=8.0.1 sha=0'), '8.0.1')
  t.equal(redisVersion('no'), undefined)
  t.same([undefined, '5.0.14', '6.2.6', '10.0.0'].map(isUsableRedis), [false, false, true, true])
})

test('Docker counts only when the engine answers and compose is there', async t => {
  const yes = { found: true, ok: true, text: '28.2.2\n' }
  const no = { found: true, ok: false, text: '' }
  t.same(dockerFacts(yes, yes), { docker: '28.2.2' })
  t.same(dockerFacts({ ...no, found: false }, no), { dockerProblem: 'the docker command is not installed' })
  t.same(dockerFacts(no, yes), { dockerProblem: 'the docker command finds no engine' })
  t.same(dockerFacts(yes, no), { dockerProblem: 'the compose plugin is not installed' })
})

test('asking a program tells what it said, that it failed, or that there is none', async t => {
  t.same(await ask(process.execPath, ['-p', '6*7']), { found: true, ok: true, text: '42\n' })
  t.match(await ask(process.execPath, ['-e', 'process.exit(3)']), { found: true, ok: false })
  t.match(await ask('no-such-program-anywhere', []), { found: false, ok: false })
})

test('the facts of this machine are gathered without failing', async t => {
  const facts = await gatherFacts()
  t.ok(facts.docker !== undefined || facts.dockerProblem !== undefined)
})
