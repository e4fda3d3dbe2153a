import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type Test } from 'tap'
import { buildKafkaStreams } from './kafka-streams.ts'

/** Programs are looked for in an empty folder, but for a `java` that says this version. */
function machine (t: Test, java: string | undefined): string {
  const folder = t.testdir()
  const path = process.env['PATH']
  process.env['PATH'] = folder
  t.teardown(() => { process.env['PATH'] = path })
  if (java !== undefined) {
    writeFileSync(join(folder, 'java'), `#!/bin/sh\necho 'openjdk version "${java}"'\n`)
    chmodSync(join(folder, 'java'), 0o755)
  }
  return folder
}

test('Kafka Streams is left out with the reason when there is no Java', async t => {
  const folder = machine(t, undefined)
  t.same(await buildKafkaStreams(folder, () => {}), { missing: 'it needs Java 17 or later, and none was found' })
})

test('Kafka Streams is left out with the reason when Java is too old', async t => {
  const folder = machine(t, '11.0.2')
  t.same(await buildKafkaStreams(folder, () => {}), { missing: 'it needs Java 17 or later, and 11.0.2 was found' })
})

test('Kafka Streams is left out with the reason when there is no Maven', async t => {
  const folder = machine(t, '17.0.15')
  const built = await buildKafkaStreams(folder, () => {})
  t.match('missing' in built ? built.missing : '', /Maven was not found/)
})
