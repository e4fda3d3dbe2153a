import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type Test } from 'tap'
import { loadConfig } from '../../../ops/config.ts'
import { dockerLogs, projectName, runningContainers, startDocker, stopDocker } from '../../../ops/stack/docker.ts'

/** A `docker` that writes its calls down; `ps` prints the lines of the file `running`. */
function pretendDocker (t: Test, script = ''): { readonly folder: string, readonly calls: () => string[] } {
  const folder = t.testdir({ running: '' })
  writeFileSync(join(folder, 'docker'), `#!/bin/sh
echo "$COMMERCE_REDIS_PORT $@" >> ${folder}/calls
case "$*" in *" ps "*) cat ${folder}/running;; esac
${script}
`)
  chmodSync(join(folder, 'docker'), 0o755)
  const before = process.env['PATH']
  process.env['PATH'] = `${folder}:${before ?? ''}`
  t.teardown(() => { process.env['PATH'] = before })
  return { folder, calls: () => existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [] }
}

function config (t: Test) {
  return loadConfig({ env: {}, file: false, overrides: { COMMERCE_DATA_DIR: join(t.testdirName, 'data'), COMMERCE_REDIS_PORT: 777 } })
}

test('only the containers that do not run are started, with the configured ports', async t => {
  const { folder, calls } = pretendDocker(t)
  writeFileSync(join(folder, 'running'), 'redpanda\nconsole\n')
  const lines: string[] = []
  const running = await startDocker(['kafka', 'redis'], config(t), line => lines.push(line))
  t.same(running.started, ['redis'])
  t.match(running.versions, { kafka: /^redpanda v/, redis: /alpine/ })
  t.match(calls().at(-1), /^777 compose --project-name commerce-streams-[0-9a-f]{8} --file \S+compose\.yml --progress plain up --detach --wait redpanda console redis$/)
  t.match(lines, [/starting redis/])
  await running.stop()
  t.match(calls().at(-1), /rm --stop --force redis$/)
})

test('nothing is started or stopped when every container runs already', async t => {
  const { folder, calls } = pretendDocker(t)
  writeFileSync(join(folder, 'running'), 'redis\n')
  const running = await startDocker(['redis'], config(t), () => {})
  await running.stop()
  t.same(running.started, [])
  t.equal(calls().length, 1, 'it only looked')
})

test('a start is refused with the reason when compose fails', async t => {
  pretendDocker(t, 'case "$*" in *" up "*) echo "no space"; exit 1;; esac')
  await t.rejects(startDocker(['redis'], config(t), () => {}), { code: 'OPS_DOCKER_FAILED', message: /no space/ })
})

test('ending takes all containers away, and their data when that is asked for', async t => {
  const { calls } = pretendDocker(t)
  await stopDocker(config(t), () => {}, false)
  t.match(calls().at(-1), /down --remove-orphans$/)
  await stopDocker(config(t), () => {}, true)
  t.match(calls().at(-1), /down --remove-orphans --volumes$/)
})

test('no container counts as running when docker fails', async t => {
  pretendDocker(t, 'exit 1')
  t.same([...await runningContainers(config(t))], [])
  await t.rejects(stopDocker(config(t), () => {}, false), { code: 'OPS_DOCKER_FAILED' })
})

test('the logs of a service are those of its containers', async t => {
  const { calls } = pretendDocker(t, 'echo a line')
  t.equal(await dockerLogs('kafka', config(t), 5), 'a line\n')
  t.match(calls().at(-1), /logs --no-color --tail 5 redpanda console$/)
})

test('the containers of two data folders are apart', async t => {
  const one = config(t)
  t.equal(projectName(one), projectName({ ...one }))
  t.not(projectName(one), projectName({ ...one, dataDir: `${one.dataDir}2` }))
})
