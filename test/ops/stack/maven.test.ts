import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type Test } from 'tap'
import { downloadProgress, mavenProblem, runMaven } from '../../../ops/stack/maven.ts'

test('the progress of a download is what Maven said last', async t => {
  t.equal(downloadProgress(''), 'asking for it')
  t.equal(downloadProgress('Downloading from central: https://host/a/b/kafka_2.13-4.1.0.jar\n'), 'kafka_2.13-4.1.0.jar')
  t.equal(downloadProgress('Downloading from central: https://host/x.jar\nProgress (1): 12/142 MB\rProgress (1): 58/142 MB\r'), '58/142 MB')
  t.equal(downloadProgress('Progress (2): 1.2/4.0 MB | 0.3/1.0 MB\r'), '1.2/4.0 MB | 0.3/1.0 MB')
})

test('the problem of a download is named by its cause when Maven fails', async t => {
  t.equal(mavenProblem('[ERROR] Failed: Unknown host repo.example: Name or service not known'), 'the repository host is not known: no network?')
  t.equal(mavenProblem('[ERROR] Connect to host:443 failed: Connection refused'), 'the repository cannot be reached: no network?')
  t.equal(mavenProblem('[ERROR] /x/y.jar (No space left on device)'), 'the disk is full')
  t.equal(mavenProblem('[INFO] hm\n[ERROR] The artifact is not there\n[ERROR] more'), 'The artifact is not there')
  t.equal(mavenProblem(''), 'it said nothing')
})

/** Puts a program named `mvn` first in PATH. */
function pretendMaven (t: Test, script: string | undefined): string {
  const folder = t.testdir({})
  if (script !== undefined) {
    writeFileSync(join(folder, 'mvn'), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, 'mvn'), 0o755)
  }
  const before = process.env['PATH']
  process.env['PATH'] = script === undefined ? folder : `${folder}:${before ?? ''}`
  t.teardown(() => { process.env['PATH'] = before })
  return join(folder, 'maven.log')
}

test('a run of Maven keeps its output and fails with the reason when Maven fails', async t => {
  const log = pretendMaven(t, 'echo "[ERROR] Unknown host repo.example"; exit 1')
  await t.rejects(runMaven({ artifact: 'Apache Kafka (43 MB)', args: [], log }, () => {}), {
    code: 'OPS_DOWNLOAD_FAILED', message: /could not download Apache Kafka \(43 MB\): the repository host is not known/
  })
  t.match(readFileSync(log, 'utf8'), /Unknown host/)
})

test('a run of Maven fails with what is missing when there is no Maven', async t => {
  const log = pretendMaven(t, undefined)
  await t.rejects(runMaven({ artifact: 'Redis', args: [], log }, () => {}), { code: 'OPS_MAVEN_MISSING', message: /downloads Redis with it/ })
})

test('a run of Maven ends with the reason of the signal when it is aborted', async t => {
  const log = pretendMaven(t, 'exec sleep 30')
  const controller = new AbortController()
  const run = runMaven({ artifact: 'Redis', args: [], log }, () => {}, controller.signal)
  controller.abort(new Error('enough'))
  await t.rejects(run, { message: 'enough' })
})
