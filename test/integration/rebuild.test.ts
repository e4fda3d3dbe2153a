import { type Test, test } from 'tap'
import { bucketsOfTopic, rebuildScene } from '../support/rebuild-scene.ts'
import { rebuildBuckets } from '../../ops/platform/rebuild.ts'

const damage = [
  "DELETE WHERE order_id IN ('o10', 'o12', 'o13')",
  "UPDATE _crc = _crc + 1, payload = 'forged' WHERE order_id = 'o11'"
] as const

test('rows are made anew on a real log and a real engine', async t => {
  const scene = await rebuildScene(t)
  if (scene === undefined) return
  const { client, produce, settle, look, table, options, names, rowsOf, written, dying, repeat } = scene
  await produce(400)
  await settle()
  const [[from, to] = []] = await rowsOf('SELECT _plan_from, max(_offset) FROM raw_events WHERE _partition = 0 GROUP BY _plan_from ORDER BY _plan_from LIMIT 1')

  await t.test('what is lost, forged or doubled in an open bucket is as the log has it after a repair, and nothing else has changed', async t => {
    for (const change of damage) await client.command({ query: `ALTER TABLE raw_events ${change} SETTINGS mutations_sync = 2` })
    await client.command({ query: "INSERT INTO raw_events SETTINGS insert_deduplication_token = 'again' SELECT * FROM raw_events WHERE order_id = 'o20'" })
    const { differences } = await look()
    t.equal(differences.length, 2)
    t.equal(await rebuildBuckets(options(table()), differences.map(({ log }) => log)), 400)
    t.same((await look()).differences, [])
    t.same(await rowsOf("SELECT count(), uniqExact(_partition, _offset), countIf(payload = 'forged') FROM raw_events"), [[400, 400, 0]])
    t.same(await rowsOf("SELECT count() FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'raw_events_')"), [[0]], 'no copy is left')
  })

  await t.test('every row is there once when its bucket is made anew again and again while the sink writes to it', async t => {
    const write = async (): Promise<void> => { for (let times = 0; times < 6; times++) await produce(20) }
    for (let round = 0; round < 4; round++) await Promise.all([write(), rebuildBuckets(options(table()), bucketsOfTopic(names))])
    await settle()
    t.same((await look()).differences, [])
    const [[rows, distinct] = []] = await rowsOf('SELECT count(), uniqExact(_partition, _offset) FROM raw_events')
    t.same([rows, distinct], [written(), written()])
  })

  await t.test('a range that a frozen sink repeats after the switch is still known, and adds nothing', async t => {
    await rebuildBuckets(options(table()), bucketsOfTopic(names))
    await repeat({ partition: 0, from: BigInt(String(from)), to: BigInt(String(to)) })
    t.same((await look()).differences, [])
  })

  await t.test('nothing is half visible when a rebuild dies at any of its steps, sinks wait at most, and the next one finishes', async t => {
    await client.command({ query: "ALTER TABLE raw_events DELETE WHERE order_id = 'o30' SETTINGS mutations_sync = 2" })
    const steps = ['begin', 'add', 'counts', 'nextOffset', 'fence', 'switch', 'lift', 'end'] as const
    for (const step of steps) await diesAt(t, step)
    t.equal((await look()).differences.length, 0, 'the last one had put everything in place')
    await produce(20)
    await rebuildBuckets(options(table()), bucketsOfTopic(names))
    await settle()
    t.same((await look()).differences, [])
    t.same(await rowsOf("SELECT count() FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'raw_events_')"), [[0]])
  })

  /** A rebuild whose process dies just before or after a step: whatever it would have done from there on is not done. */
  async function diesAt (t: Test, step: string): Promise<void> {
    for (const isAfter of [false, true]) {
      await t.rejects(rebuildBuckets(options(dying(table(), step, isAfter)), bucketsOfTopic(names)), /dead/, `${isAfter ? 'after' : 'before'} ${step}`)
      const whole = written() / 2
      const [[even, evenDistinct] = [], [odd, oddDistinct] = []] = await rowsOf('SELECT count(), uniqExact(_offset) FROM raw_events GROUP BY _partition ORDER BY _partition')
      t.same([even, evenDistinct, oddDistinct], [whole, whole, odd], step)
      t.ok(odd === whole || odd === whole - 1, 'as it was, or as it is to be')
    }
  }
})

test('rows whose records the log does not hold any more stay, and rows that it never had are gone', async t => {
  const scene = await rebuildScene(t, { isSinkRunning: false })
  if (scene === undefined) return
  const { client, table, options, rowsOf, names: [topic = ''] } = scene
  const kept = "INSERT INTO raw_events (_topic, _partition, _offset, order_id) SETTINGS insert_deduplication_token = 'kept' VALUES"
  await client.command({ query: `${kept} ('${topic}', 0, 5, 'from before'), ('${topic}', 0, 5, 'twice'), ('${topic}', 0, 1000001, 'to be made anew')` })
  const records = scene.records(topic, [7n, 999_999n, 1_000_000n])
  const log = scene.logOf(records, 6n)
  await rebuildBuckets({ ...options(table()), kafka: log, sinks: [] }, [{ topic, partition: 0, bucket: 0n }])
  t.same(await rowsOf('SELECT _offset, count() FROM raw_events GROUP BY _offset ORDER BY _offset'), [[5, 1], [7, 1], [999_999, 1], [1_000_001, 1]])
  await rebuildBuckets({ ...options(table()), kafka: log, sinks: [] }, [{ topic, partition: 0, bucket: 1n }])
  t.same(await rowsOf('SELECT _offset, order_id FROM raw_events WHERE _offset >= 1000000'), [[1_000_000, 'o1000000']], 'of the last bucket')
})
