import { test } from 'tap'
import { partitionOf } from '#streams'
import { type MemoryBackend, createMemoryBackend } from '#streams/testing'
import { createUnsettledOrders } from '../../../ops/import/unsettled-orders.ts'
import { type OrderView } from '../../../schemas/index.ts'
import { encodeProgress, taskKey } from '../../../streams/state/changelog.ts'
import { applicationId, ordersName, partitions, viewStore } from '../../../topology/index.ts'
import { orderView } from '../../api/order-fixtures.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { orderIdOf } from '../../topology/platform.ts'

await bindMemoryCodec()

/** The orders tasks have processed these orders. */
async function keep (backend: MemoryBackend, all: readonly OrderView[]): Promise<void> {
  for (let partition = 0; partition < partitions; partition++) {
    const task = backend.open(taskKey(applicationId, ordersName, partition))
    const views = all.filter(({ orderId }) => partitionOf(orderId, partitions) === partition)
    const owner = { token: 1n, incarnation: 'i' }
    await task.claim({ ...owner, nowMs: 0 })
    await task.apply({
      ...owner,
      expectedPosition: 0n,
      position: 2n,
      sequence: 1n,
      progress: encodeProgress({ sequence: 1n, contextTimeMs: 0, offsets: new Map() }),
      progressOffset: 1n,
      nowMs: 0,
      writes: views.map(view => ({ store: viewStore.name, key: view.orderId, value: viewStore.value.encode(view) })),
      timers: [],
      restoring: false
    })
  }
}

test('orders are unsettled until they are confirmed or have ended, and before they exist', async t => {
  const backend = createMemoryBackend()
  t.teardown(async () => { await backend.close() })
  const ids = Array.from({ length: 30 }, (_, index) => orderIdOf(index))
  await keep(backend, ids.flatMap((orderId, index) => [
    [orderView(orderId, { state: 'InventoryReserved' })],
    [orderView(orderId, { state: 'Confirmed', everConfirmed: true })],
    [orderView(orderId, { state: 'Cancelled', outcome: 'Cancelled' })],
    [orderView(orderId, { state: 'Rejected', outcome: 'Rejected' })],
    []
  ][index % 5] ?? []))
  const unsettled = await createUnsettledOrders(backend)(ids, async () => { throw new Error('nothing to wait for') })
  t.same([...unsettled].sort(), ids.filter((_, index) => index % 5 === 0 || index % 5 === 4))
})

test('nothing is said about orders before their state is there', async t => {
  const backend = createMemoryBackend()
  t.teardown(async () => { await backend.close() })
  let waits = 0
  const unsettled = await createUnsettledOrders(backend)([orderIdOf(1)], async () => {
    if (++waits === 3) await keep(backend, [orderView(orderIdOf(1), { everConfirmed: true })])
  })
  t.same(unsettled, [])
  t.equal(waits, 3)
  await t.rejects(createUnsettledOrders(createMemoryBackend())([orderIdOf(1)], async () => { throw new Error('stalled') }), /stalled/)
})
