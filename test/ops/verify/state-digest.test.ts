import { type Test, test } from 'tap'
import { schemas } from '#schemas'
import { type TopicDef, type Topology, type TypedValue, taskKey } from '#streams'
import { createMemoryBackend } from '#streams/testing'
import { leftOut, leftOutStores } from '../../../ops/verify/digest-rules.ts'
import { rowDigest, stateDigest } from '../../../ops/verify/state-digest.ts'
import { createTopology } from '../../../topology/create-topology.ts'
import { catalogTable, orderStore, ordersProcessor, viewStore } from '../../../topology/orders/process-orders.ts'
import { shipmentStore, shippingProcessor } from '../../../topology/shipping/process-shipping.ts'
import { topics } from '../../../topology/topics.ts'
import { commandMeta, line, placeOrder, product } from '../../topology/orders/order-fixtures.ts'
import { ScriptedGateway } from '../../topology/payments/scripted-gateway.ts'
import { Platform, orderIdOf, pieces, skus } from '../../topology/platform.ts'
import { startThree } from './three-processes.ts'

type Send = <V extends TypedValue>(topic: TopicDef<V>, key: string, value: V) => Promise<void>

const meta = (commandId: string) => ({ ...commandMeta, commandId })
const short = (sku: string, lineNo: number) => line(sku, { lineNo, quantity: pieces + 1 })
/** Orders that go well, are declined, are short in one or in both partitions of the stock, and two that are cancelled later. */
const orders = Array.from({ length: 9 }, (_, index) => placeOrder({
  orderId: orderIdOf(index),
  meta: meta(`place-${index}`),
  lines: linesOf(index),
  payment: { method: 'card', token: index === 5 ? 'tok_declined' : 'tok_ok' }
}))
function linesOf (index: number) {
  const [first = '', , , fourth = ''] = skus
  if (index === 3) return [line(first), short(fourth, 2)]
  if (index === 4) return [short(first, 1), short(fourth, 2)]
  return skus.map((sku, at) => line(sku, { lineNo: at + 1 }))
}

const cancelled = [orderIdOf(1), orderIdOf(7)]

async function place (send: Send, index: number): Promise<void> {
  const order = orders[index]
  if (order !== undefined) await send(topics.orders.commands, order.orderId, order)
}

async function cancel (send: Send, orderId: string): Promise<void> {
  await send(topics.orders.commands, orderId, { type: 'CancelOrder', meta: meta(`cancel-${orderId}`), orderId, reason: 'changed my mind' })
}

async function restock (send: Send): Promise<void> {
  await send(topics.inventory.commands, skus[2] as string, { type: 'Restock', meta: meta('restock'), sku: skus[2] as string, quantity: 7 })
}

/** All at once in one process, nothing disturbed. */
async function playSmoothly (t: Test): Promise<Platform> {
  const platform = await Platform.start(t)
  const send: Send = async (...record) => { await platform.driver.pipe(...record) }
  for (const index of orders.keys()) await place(send, index)
  await platform.driver.advance(60_000)
  for (const orderId of cancelled) await cancel(send, orderId)
  await restock(send)
  await platform.driver.advance(60_000)
  return platform
}

const digestOf = async ({ driver }: Platform) => await stateDigest(driver.backend, driver.topology)

test('the digest is the same when the tasks die, forget everything, work record by record, and others come first', async t => {
  const smooth = await digestOf(await playSmoothly(t))
  const platform = await Platform.start(t, { maxCycleRecords: 1 })
  const { driver } = platform
  const send: Send = async (...record) => { await driver.pipe(...record) }
  await restock(send)
  for (const index of [...orders.keys()].reverse()) {
    await place(send, index)
    for (let turn = 0; turn < 3 * index; turn++) await new Promise(resolve => { setImmediate(resolve) })
    if (index % 2 === 0) driver.backend.flush()
    await driver.restart()
    await driver.advance(7_000)
  }
  await driver.advance(60_000)
  for (const orderId of cancelled) await cancel(send, orderId)
  await driver.advance(60_000)
  t.same(await digestOf(platform), smooth)
  t.ok(smooth.rows > 60, `${smooth.rows} rows`)
  const stores = driver.topology.nodes.flatMap(node => node.kind === 'processor' ? node.stores.map(store => `${node.name}/${store.name}`) : [])
  t.same(Object.keys(smooth.byStore), stores.filter(name => !Object.hasOwn(leftOutStores, name)))
  t.same(Object.keys(leftOutStores).filter(name => !stores.includes(name)), [], 'what is left out is there')
})

test('the digest is the same when compensations overtake what they undo', async t => {
  const smooth = await digestOf(await playSmoothly(t))
  const platform = await Platform.start(t)
  const { driver } = platform
  const send: Send = async (...record) => { await driver.pipe(...record) }
  const back = Promise.withResolvers<void>()
  const held = new Set([`${topics.inventory.commands.name}/0`])
  driver.broker.faults.intercept((call, phase) =>
    call.api === 'fetch' && phase === 'request' && held.has(`${call.topic}/${call.partition}`) ? back.promise : undefined)
  await place(send, 3)
  await place(send, 4)
  for (let turn = 0; turn < 400; turn++) await new Promise(resolve => { setImmediate(resolve) })
  driver.broker.faults.clear()
  back.resolve()
  await driver.run()
  const gate = Promise.withResolvers<void>()
  driver.broker.faults.intercept((call, phase) =>
    call.api === 'fetch' && phase === 'request' && call.topic === topics.shipping.commands.name ? gate.promise : undefined)
  for (const index of [0, 1, 2, 5, 6, 7, 8]) await place(send, index)
  while (!await isConfirmed(platform)) await new Promise(resolve => { setImmediate(resolve) })
  for (const orderId of cancelled) await cancel(send, orderId)
  for (let turn = 0; turn < 600; turn++) await new Promise(resolve => { setImmediate(resolve) })
  driver.broker.faults.clear()
  gate.resolve()
  await restock(send)
  await driver.advance(60_000)
  const shipments = await driver.store(shippingProcessor, shipmentStore).rows()
  t.ok([...shipments.values()].some(({ status }) => status === 'fenced'), 'a shipment was cancelled before it was created')
  t.same(await digestOf(platform), smooth)
})

async function isConfirmed ({ driver }: Platform): Promise<boolean> {
  const views = await driver.store(ordersProcessor, viewStore).rows()
  return cancelled.every(orderId => views.get(orderId)?.state === 'Confirmed')
}

test('the digest is the same when three processes share the work, one is killed and the state is lost', async t => {
  const smooth = await playSmoothly(t)
  const topology = createTopology({ payments: { gateway: new ScriptedGateway() } })
  const three = await startThree(t, topology)
  const send: Send = async (...record) => { await three.send(...record) }
  for (const entry of [...skus.map(sku => product(sku)), product('POST', { stocked: false })]) await send(catalogTable.topic, entry.sku, entry)
  for (const sku of skus) {
    await send(topics.inventory.commands, sku, { type: 'RegisterSku', meta: meta(`register-${sku}`), sku, openingStock: pieces, reorderLevel: 5 })
  }
  await three.settle()
  t.ok(three.shares().every(tasks => tasks > 10), `${three.shares().join()} tasks`)
  for (const index of orders.keys()) await place(send, index)
  await three.disturb()
  await three.settle()
  for (const orderId of cancelled) await cancel(send, orderId)
  await restock(send)
  await three.disturb()
  await three.settle()
  t.same(await stateDigest(three.backend, topology), await digestOf(smooth))
})

test('the digest is the same when the same persons are sealed with the keys of another installation', async t => {
  const digests = []
  for (const installation of ['one', 'another']) {
    const platform = await Platform.start(t)
    for (const [index, order] of orders.entries()) {
      const sealed = (what: string) => ({ keyId: `customer/${index}`, ciphertext: Buffer.from(`${what} of ${index} as ${installation} has it`) })
      const guest = index % 2 === 0 ? { customerId: null, guestEmail: sealed('address') } : {}
      // What is personal in a body is hashed as ciphertext.
      const command = { ...order, shippingAddress: sealed('home'), ...guest, meta: { ...order.meta, bodyHash: `hash of ${index} as ${installation} has it` } }
      await platform.driver.pipe(topics.orders.commands, order.orderId, command)
    }
    await platform.driver.advance(60_000)
    const [held] = [...(await platform.driver.store(ordersProcessor, orderStore).rows()).values()]
    t.match(JSON.stringify(held), installation, 'it is in the state')
    digests.push(await digestOf(platform))
  }
  t.same(digests[0], digests[1])
})

/** Every value below a value, with a way to make another of it. */
function * changesOf (value: unknown, path: readonly string[] = []): Generator<{ readonly path: readonly string[], readonly other: unknown }> {
  if (Array.isArray(value)) {
    yield { path, other: [...value, value[0] ?? 'more'] }
    for (const [index, entry] of value.entries()) yield * changesOf(entry, [...path, String(index)])
  } else if (typeof value === 'object' && value !== null && !Buffer.isBuffer(value)) {
    for (const [name, field] of Object.entries(value)) yield * changesOf(field, [...path, name])
  } else {
    yield { path, other: otherThan(value) }
  }
}

function otherThan (value: unknown): unknown {
  switch (typeof value) {
    case 'bigint': return value + 1n
    case 'number': return value + 1
    case 'boolean': return !value
    default: return Buffer.isBuffer(value) ? Buffer.from('other') : `${String(value)} other`
  }
}

function changed (value: unknown, [name, ...rest]: readonly string[], other: unknown): unknown {
  if (name === undefined) return other
  const copy = Array.isArray(value) ? [...value] : { ...value as object }
  ;(copy as Record<string, unknown>)[name] = changed((copy as Record<string, unknown>)[name], rest, other)
  return copy
}

test('the digest of a row is another one when any field of it is, unless the field is left out', async t => {
  const { driver } = await playSmoothly(t)
  const seen = { told: 0, leftOut: 0 }
  for (const node of driver.topology.nodes) {
    if (node.kind !== 'processor') continue
    for (const store of node.stores) {
      for (const [key, value] of await driver.store(node, store).rows()) {
        const digest = rowDigest(store.name, key, value)
        const { status, outcome } = value as { readonly status?: string, readonly outcome?: string | null }
        // Rows that hold nothing are told by that alone.
        if (['rejected', 'released', 'unconfirmed', 'cancelled'].includes(status ?? '') || outcome === 'Cancelled') continue
        for (const { path, other } of changesOf(value)) {
          const isLeftOut = path.some(name => Object.hasOwn(leftOut, name))
          const isSame = rowDigest(store.name, key, changed(value, path, other)) === digest
          if (isSame !== isLeftOut) t.fail(`${node.name}/${store.name} ${path.join('.')} is ${isSame ? 'not told' : 'told'}`)
          seen[isLeftOut ? 'leftOut' : 'told']++
        }
        t.not(rowDigest(store.name, `${key}x`, value), digest)
        t.not(rowDigest('other', key, value), digest)
      }
    }
  }
  t.ok(seen.told > 500 && seen.leftOut > 100, `${seen.told} told, ${seen.leftOut} left out`)
})

test('every field that is left out is one of the state, with a reason', t => {
  const fields = new Set(Object.values(schemas).flatMap(schema => [...JSON.stringify(schema).matchAll(/"name":"(\w+)"/g)].map(([, name]) => name)))
  for (const [name, reason] of Object.entries(leftOut)) t.ok(fields.has(name) && reason.length > 10, name)
  t.end()
})

const bare: Topology = createTopology({ payments: { gateway: new ScriptedGateway() } })

test('the digest is refused when the state of a task is missing or being restored', async t => {
  const backend = createMemoryBackend()
  t.teardown(async () => { await backend.close() })
  await t.rejects(stateDigest(backend, bare), /state of commerce:orders:0 cannot be read: missing/)
  await backend.open(taskKey('commerce', 'orders', 0)).claim({ token: 1n, incarnation: 'i', nowMs: 0 })
  await t.rejects(stateDigest(backend, bare), /state of commerce:orders:0 cannot be read: being restored/)
})

test('the digest is another one when a row is there twice or not at all', async t => {
  const { driver } = await playSmoothly(t)
  const whole = await stateDigest(driver.backend, driver.topology)
  const without = { ...driver.topology, nodes: driver.topology.nodes.filter(node => node.name !== 'identity') }
  t.equal((await stateDigest(driver.backend, without)).digest, whole.digest, 'a store without rows adds nothing')
  const halved = { ...driver.topology, nodes: driver.topology.nodes.filter(node => node.name !== 'shipping') }
  t.not((await stateDigest(driver.backend, halved)).digest, whole.digest)
  const doubled = { ...driver.topology, nodes: [...driver.topology.nodes, ...driver.topology.nodes.filter(node => node.name === 'shipping')] }
  t.not((await stateDigest(driver.backend, doubled)).digest, whole.digest)
  t.match(whole.digest, /^[0-9a-f]{64}$/)
})
