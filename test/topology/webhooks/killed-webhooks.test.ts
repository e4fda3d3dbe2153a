import { test } from 'tap'
import { WebhookWorld, arrived, failing, orderOf } from './webhook-world.ts'

/** Ledger of an endpoint: how often it had each message. */
function ledgerOf (w: WebhookWorld): Map<string, number> {
  const ledger = new Map<string, number>()
  for (const { body } of w.endpoints.calls) {
    const { id } = JSON.parse(body) as { readonly id: string }
    ledger.set(id, (ledger.get(id) ?? 0) + 1)
  }
  return ledger
}

/** Lets so many promises go on: every step of a task lies between two of them. */
async function pass (moments: number): Promise<void> {
  for (let passed = 0; passed < moments; passed++) await undefined
}

/** Kills per test: spread over all moments of the way, and beyond its end. */
const kills = 120

test('a message whose process is killed at any moment of its way arrives, at most once more than needed, and its record says so', async t => {
  // The answer takes a while, in which the endpoint has the message and nobody knows.
  const w = await WebhookWorld.start(t, async () => { await pass(40); return arrived })
  await w.subscribe()
  await w.confirm([1], false)
  let moments = 0
  for (; w.endpoints.calls.length === 0; moments++) await undefined
  t.ok(moments > 50, `an event is ${moments} moments away from its endpoint`)
  await w.driver.run()

  const seen = new Set<string>()
  for (let kill = 0; kill < kills; kill++) {
    const number = 100 + kill
    await w.confirm([number], false)
    await pass(Math.floor(kill * 4 * moments / kills))
    const called = ledgerOf(w).get(orderOf(number)) ?? 0
    await w.driver.restart()
    const rows = await w.deliveries()
    await w.driver.advance(1)
    const times = ledgerOf(w).get(orderOf(number)) ?? 0
    const after = (await w.deliveries()).find(({ subject }) => subject === orderOf(number))
    const isOver = rows.some(({ subject, status, attempts }) => subject === orderOf(number) && status === 'delivered' && attempts[0]?.mayBeTwice === false)
    if (!(times === 1 || times === 2)) t.fail(`kill ${kill}: it arrived ${times} times`)
    if (after?.status !== 'delivered') t.fail(`kill ${kill}: it is ${String(after?.status)}`)
    if (times === 2 && after?.attempts.at(-1)?.mayBeTwice !== true) t.fail(`kill ${kill}: nothing says that it arrived twice`)
    seen.add(called === 0 ? 'before the call' : times === 2 ? 'between call and finish' : isOver ? 'after the finish' : 'at the finish')
  }
  t.same(['before the call', 'between call and finish', 'after the finish'].filter(stage => !seen.has(stage)), [], 'it was killed everywhere')
  t.match(await w.webhook(), { openCalls: 0, failuresInRow: 0 }, 'no place is lost')
})

test('a message whose process is killed between its tries is tried again at the same times', async t => {
  const w = await WebhookWorld.start(t, (_call, count) => count <= 4 ? failing : arrived)
  await w.subscribe()
  await w.confirm([1])
  for (let killed = 0; killed < 4; killed++) {
    const [before] = await w.deliveries()
    await w.driver.restart()
    const [after] = await w.deliveries()
    t.equal(after?.dueAt, before?.dueAt)
    await w.driver.advance((after?.dueAt ?? 0) - w.driver.nowMs)
  }
  t.match(await w.deliveries(), [{ status: 'delivered', tries: 5 }])
  t.equal(w.endpoints.calls.length, 5)
})

test('what waits for its turn behind a call that is lost with its process is sent by the next one', async t => {
  let isMute = true
  const w = await WebhookWorld.start(t, async () => isMute ? await new Promise<never>(() => {}) : arrived)
  await w.subscribe()
  const numbers = Array.from({ length: 12 }, (_, index) => index + 1)
  await w.confirm(numbers, false)
  await w.untilCalls(4)
  isMute = false
  await w.driver.restart()
  await w.driver.run()
  const ledger = ledgerOf(w)
  t.same([...ledger.keys()].sort(), numbers.map(orderOf))
  t.ok([...ledger.values()].every(times => times <= 2))
  t.same(new Set((await w.deliveries()).map(({ status }) => status)), new Set(['delivered']))
})

test('a message whose process is killed before it is accepted is on record as sent once', async t => {
  const w = await WebhookWorld.start(t, () => arrived)
  await w.subscribe()
  await w.driver.advance(1000)
  await w.confirm([1], false)
  await w.driver.restart()
  await w.driver.run()
  t.match(await w.deliveries(), [{ status: 'delivered', attempts: [{ mayBeTwice: false }] }])
  t.equal(w.endpoints.calls.length, 1)
})
