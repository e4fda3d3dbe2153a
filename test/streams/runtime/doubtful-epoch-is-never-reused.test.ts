import { test } from 'tap'
import { commands, counter, totals } from './counting.ts'
import { tapTransactions } from './transaction-tap.ts'
import { World } from './world.ts'

const R4 = 'R4 an epoch in doubt is never used again'

for (const api of ['produce', 'endTxn'] as const) {
  for (const phase of ['request', 'answer'] as const) {
    test(`${R4}: after an error at the ${phase} of ${api} the next call is InitProducerId`, async t => {
      const world = await World.create(t, [counter()])
      const calls = tapTransactions(world, async (unit, records) => await unit.commit(records))
      await world.own()
      t.same(calls, ['init', 'commit'], 'Acquire: fence, then ownership record')
      calls.length = 0
      world.broker.faults.fail({ api, transactionalId: world.transactionalId }, { phase })
      await world.send(commands, 'a', { type: 'Add', amount: 1 })
      await world.wait(1000)
      t.same(calls.slice(0, 3), ['commit', 'init', 'commit'])
      t.match(world.committed(totals), [{ total: 1 }])
    })
  }
}

test(`${R4}: an answer with an offset below the position is not believed and nothing is applied`, async t => {
  const world = await World.create(t, [counter()])
  let lie = false
  tapTransactions(world, async (unit, records) => {
    const result = await unit.commit(records)
    if (!lie) return result
    lie = false
    return { ...result, offsets: new Map([...result.offsets].map(([key]) => [key, { first: 0n, last: 1n }])) }
  })
  const owner = await world.own()
  lie = true
  const applied = world.backend.faults.hold({ op: 'apply' }, { phase: 'request', skip: 1 })
  await world.send(commands, 'a', { type: 'Add', amount: 1 })
  await world.settle()
  t.same(await world.rows('counts'), {}, 'not applied on the word of that answer')
  applied.release()
  await world.wait(1000)
  t.equal(owner.task.status().acquisitions, 2)
  t.same(await world.rows('counts'), { a: '1' }, 'replayed from the log, where it was found')
  t.equal(world.committed(totals).length, 1)
})
