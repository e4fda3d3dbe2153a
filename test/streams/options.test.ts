import { test } from 'tap'
import { compileOptions } from '../../streams/index.ts'

test('options are filled in and frozen', async t => {
  const options = compileOptions({ maxCycleRecords: 7 })
  t.equal(options.maxCycleRecords, 7)
  t.equal(options.deadLetterTopic, 'dlq')
  t.ok(Object.isFrozen(options))
  t.equal(options.handlers.processing(new Error('x'), { processor: 'p', kind: 'record', topic: 't', partition: 0, offset: 0n, attempts: 1 }), 'dead-letter')
})

for (const [name, value] of [['maxCycleRecords', 0], ['backoffMs', -1], ['maxUnappliedBytes', 1.5], ['offsetCommitMs', NaN], ['cacheBytes', -1]] as const) {
  test(`an option is refused when ${name} is ${value}`, async t => {
    t.throws(() => compileOptions({ [name]: value }), { code: 'STR_TOPOLOGY_INVALID', context: { option: name } })
  })
}

test('a cache and a check of the state may be switched off', async t => {
  t.match(compileOptions({ cacheBytes: 0, stateCheckMs: 0 }), { cacheBytes: 0, stateCheckMs: 0 })
})
