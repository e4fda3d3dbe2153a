import { test } from 'tap'
import { createMemoryIdempotency } from '../../../api/adapters/memory-idempotency.ts'
import { createRedisIdempotency } from '../../../api/adapters/redis-idempotency.ts'
import { type IdempotencyStore } from '../../../api/ports.ts'
import { createManualClock } from '../../../streams/time/manual-clock.ts'
import { commandId } from '../../../topology/envelope.ts'
import { type SharedMemory, createSharedMemory } from '../../support/redis-calls.ts'

const [a, h, other] = ['a', 'h', 'other'].map(text => commandId(text)) as [string, string, string]
const position = { topic: 't', partition: 0, offset: 1n }

function instance ({ calls }: SharedMemory): IdempotencyStore {
  return createRedisIdempotency({ calls, local: createMemoryIdempotency({ clock: createManualClock() }) })
}

test('a key that one instance runs is running for the others, and done for them afterwards', async t => {
  const shared = createSharedMemory()
  const [one, two] = [instance(shared), instance(shared)]
  t.same(await one.begin(a, h), { kind: 'new' })
  t.same(await two.begin(a, h), { kind: 'running' })
  t.same(await two.begin(a, other), { kind: 'conflict' })
  await one.finish(a, position)
  t.same(await two.begin(a, h), { kind: 'done', position })
  t.same(await two.begin(a, other), { kind: 'conflict' })
  t.same(await one.begin(a, h), { kind: 'done', position })
})

test('a key is free for all instances again when its request failed', async t => {
  const shared = createSharedMemory()
  const [one, two] = [instance(shared), instance(shared)]
  await one.begin(a, h)
  await one.abandon(a)
  t.same(await two.begin(a, other), { kind: 'new' })
  await one.abandon(a)
  t.same(await one.begin(a, other), { kind: 'running' }, 'what another instance runs is not given up by the first')
})

test('an instance whose lease ended does not write over what another has answered', async t => {
  const shared = createSharedMemory()
  const [one, two] = [instance(shared), instance(shared)]
  await one.begin(a, h)
  shared.forget()
  t.same(await two.begin(a, h), { kind: 'new' })
  await two.finish(a, position)
  await one.finish(a, { ...position, offset: 9n })
  t.same(await instance(shared).begin(a, h), { kind: 'done', position })
})

test('each instance remembers by itself while redis is down', async t => {
  const shared = createSharedMemory()
  shared.isDown = true
  const one = instance(shared)
  t.same(await one.begin(a, h), { kind: 'new' })
  t.same(await one.begin(a, h), { kind: 'running' })
  await one.finish(a, position)
  t.same(await one.begin(a, h), { kind: 'done', position })
  t.same(await one.begin(a, other), { kind: 'conflict' })
  t.same(await instance(shared).begin(a, h), { kind: 'new' }, 'the log decides')
})

test('rubbish under a key is nothing', async t => {
  const shared = createSharedMemory()
  await instance(shared).begin(a, h)
  const [[key = '', good = ''] = []] = [...shared.keys]
  const hash = good.slice(0, good.indexOf(' '))
  for (const rubbish of ['x', hash, `${hash} topic`, `${hash} topic 1`, `${hash} topic 1 x`, `${hash} gone`]) {
    shared.keys.set(key, rubbish)
    t.same(await instance(shared).begin(a, h), { kind: 'new' }, rubbish)
  }
})

test('an answer takes no more than packs well', async t => {
  const shared = createSharedMemory()
  const one = instance(shared)
  await one.begin(a, h)
  await one.finish(a, { topic: 'commerce.compensations.payment', partition: 7, offset: 999_999_999_999n })
  const [[key = '', value = ''] = []] = [...shared.keys]
  t.ok(Math.max(key.length - 'idempotency:0000 '.length, value.length) <= 64, 'Redis packs fields and values of 64 bytes and fewer')
})
