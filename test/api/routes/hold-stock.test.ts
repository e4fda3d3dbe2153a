import { type Test, test } from 'tap'
import { type ProcessedCommand, type ReservationState, type StockState } from '../../../schemas/index.ts'
import { type Permission, type Role } from '../../../api/permissions.ts'
import { parsePosition, positionToken } from '../../../api/position.ts'
import { openStock } from '../../../topology/inventory/stock.ts'
import { stockPartitionOf } from '../../../topology/inventory/routing.ts'
import { processedStore, reservationStore } from '../../../topology/inventory/stores.ts'
import { stockPartitions, topics } from '../../../topology/topics.ts'
import { type ApiUnderTest, type BuildOptions, buildApi } from '../../support/build-app.ts'

const sku = '85123A'
const partition = stockPartitionOf(sku)
const stocks = new Map<string, StockState>([[sku, { ...openStock(sku, 10, 3), reserved: 3, waiting: 2, version: 7 }]])
const body = { quantity: 4, expiresInS: 3600, reference: 'photo shoot' }
const nowMs = 1_700_000_000_000
const { commands } = topics.inventory

interface Request {
  readonly method?: 'GET' | 'POST'
  readonly body?: object
  readonly key?: string
  readonly prefer?: string
  readonly role?: Role
  readonly grants?: readonly Permission[]
}

async function ask (api: ApiUnderTest, path: string, { method = 'POST', body, key = 'key-1', prefer, role = 'WarehouseManager', grants }: Request = {}) {
  const headers = { authorization: `Bearer ${await api.token(role, 'keeper', grants)}`, 'idempotency-key': key, ...(prefer === undefined ? {} : { prefer }) }
  return await api.app.inject({ method, url: `/v1/inventory/${path}`, headers, ...(body === undefined ? {} : { payload: body }) })
}

const build = async (t: Test, options: BuildOptions = {}) => await buildApi(t, { stocks, ...options })

function asked (api: ApiUnderTest) {
  const entries = Array.from({ length: stockPartitions }, (_, at) => api.broker.entries(commands.name, at)).flat()
  return entries.map(({ value }) => commands.value.decode(value as Buffer))
}

function reservation (orderId: string, change: Partial<ReservationState> = {}): ReservationState {
  const id = { type: 'ReservationState' as const, orderId, attempt: 1, partition }
  const stands = { status: 'reserved' as const, expiresAt: nowMs, endedAt: null, waitsSince: null, reference: null }
  return { ...id, ...stands, lines: [{ lineNo: 1, sku, quantity: 1 }], code: '', shortages: [], correlationId: '', version: 1, ...change }
}

/** What the inventory task makes of the newest command: the row of the reservation, and what it remembers. */
async function decide (api: ApiUnderTest, status: ReservationState['status'], rule?: Pick<ProcessedCommand, 'code' | 'field' | 'message'>) {
  const command = asked(api).findLast(({ type }) => type === 'HoldStock')
  if (command?.type !== 'HoldStock') throw new Error('nothing was asked for')
  const { reservationId: orderId, quantity, expiresAt, reference } = command
  const endedAt = status === 'reserved' ? null : nowMs
  const row = reservation(orderId, { status, lines: [{ lineNo: 1, sku, quantity }], expiresAt, endedAt, reference })
  const { commandId, bodyHash } = (asked(api).at(-1) as typeof command).meta
  const done = { type: 'ProcessedCommand' as const, commandId, bodyHash: bodyHash ?? '', processedAt: nowMs }
  const processed: ProcessedCommand = { ...done, code: null, field: null, message: null, ...rule }
  await api.storeInventory(sku, [
    { store: reservationStore.name, key: `${orderId}/1/${partition}`, value: reservationStore.value.encode(row) },
    { store: processedStore.name, key: commandId, value: processedStore.value.encode(processed) }
  ], BigInt(asked(api).length))
  return orderId
}

test('pieces are held by a command in the log, and the answer says where the reservation is', async t => {
  const api = await build(t)
  const answer = await ask(api, `${sku.toLowerCase()}/reservations`, { body })
  t.equal(answer.statusCode, 202)
  const [command] = asked(api)
  t.match(command, { type: 'HoldStock', sku, quantity: 4, expiresAt: nowMs + 3_600_000, reference: 'photo shoot', meta: { principal: 'keeper' } })
  const { reservationId, location } = answer.json<{ reservationId: string, location: string }>()
  t.equal(command?.type === 'HoldStock' && command.reservationId, reservationId)
  t.equal(answer.headers.location, location)
  const [path, token = ''] = location.split('?position=')
  t.same([path, parsePosition(token)?.topic], [`/v1/inventory/${sku}/reservations/${reservationId}`, commands.name])
})

test('a reservation by hand is answered as it was decided when the request waits', async t => {
  const api = await build(t)
  const waiting = ask(api, `${sku}/reservations`, { body, prefer: 'wait=5' })
  await api.until(() => asked(api).length === 1)
  const reservationId = await decide(api, 'reserved')
  await api.until(waiting)
  const answer = await waiting
  t.same([answer.statusCode, answer.headers['preference-applied']], [201, 'wait=5'])
  const [command] = asked(api)
  const expiresAt = new Date(command?.type === 'HoldStock' ? command.expiresAt : 0).toISOString()
  t.same(answer.json(), { reservationId, sku, quantity: 4, status: 'reserved', reference: 'photo shoot', expiresAt, endedAt: null })
  t.same((await ask(api, `${sku}/reservations/${reservationId}`, { method: 'GET' })).json(), answer.json())
})

test('a reservation by hand that was refused after all is a conflict when the request waits', async t => {
  const api = await build(t)
  const waiting = ask(api, `${sku}/reservations`, { body, prefer: 'wait=5' })
  await api.until(() => asked(api).length === 1)
  await decide(api, 'rejected', { code: 'short-stock', field: 'quantity', message: 'only 2 pieces are free' })
  await api.until(waiting)
  t.match((await waiting).json(), { status: 409, code: 'stock-short', detail: 'only 2 pieces are free' })
})

test('a reservation by hand that is not decided in time is accepted', async t => {
  const api = await build(t)
  const waiting = ask(api, `${sku}/reservations`, { body, prefer: 'wait=1' })
  await api.until(waiting)
  t.match([(await waiting).statusCode, (await waiting).json()], [202, { status: 'accepted' }])
})

test('more pieces than are free are not held: those who wait come first', async t => {
  const api = await build(t)
  t.match((await ask(api, `${sku}/reservations`, { body: { ...body, quantity: 6 } })).json(), { status: 409, code: 'stock-short', detail: 'only 5 pieces are free' })
  t.equal((await ask(api, `${sku}/reservations`, { body: { ...body, quantity: 5 } })).statusCode, 202)
})

test('pieces of a SKU that nobody knows are not held', async t => {
  const api = await build(t)
  t.match((await ask(api, 'NOPE/reservations', { body })).json(), { status: 422, code: 'request-invalid', detail: 'the SKU is not registered' })
  t.same(asked(api), [])
})

for (const [what, wrong] of [
  ['no piece', { quantity: 0 }], ['half a piece', { quantity: 1.5 }], ['no time', { expiresInS: 0 }], ['a hundred days', { expiresInS: 8_640_000 }], ['no reason', { reference: '' }]
] as const) {
  test(`a reservation by hand for ${what} is refused`, async t => {
    t.equal((await ask(await build(t), `${sku}/reservations`, { body: { ...body, ...wrong } })).statusCode, 422)
  })
}

test('a reservation by hand is asked for once when the request is repeated, and refused with another body under its key', async t => {
  const api = await build(t)
  const first = await ask(api, `${sku}/reservations`, { body })
  const again = await ask(api, `${sku}/reservations`, { body })
  t.same([again.statusCode, again.headers['idempotent-replayed'], again.json()], [202, 'true', first.json()])
  t.equal(asked(api).length, 1)
  t.match((await ask(api, `${sku}/reservations`, { body: { ...body, quantity: 3 } })).json(), { status: 422, code: 'idempotency-conflict' })
})

test('a reservation by hand is released by a command in the log, and answered as it ended when the request waits', async t => {
  const api = await build(t)
  await ask(api, `${sku}/reservations`, { body })
  const reservationId = await decide(api, 'reserved')
  const waiting = ask(api, `${sku}/reservations/${reservationId}/release`, { key: 'key-2', prefer: 'wait=5' })
  await api.until(() => asked(api).length === 2)
  t.match(asked(api).at(-1), { type: 'ReleaseHold', sku, reservationId })
  await decide(api, 'released')
  await api.until(waiting)
  t.match([(await waiting).statusCode, (await waiting).json()], [200, { reservationId, status: 'released', endedAt: new Date(nowMs).toISOString() }])
})

test('what orders hold is neither read nor released as a reservation by hand, and neither is that of another SKU', async t => {
  const api = await build(t)
  await ask(api, `${sku}/reservations`, { body })
  const reservationId = await decide(api, 'reserved')
  const orderId = '00000000-0000-4000-8000-00000000000b'
  const row = reservation(orderId)
  await api.storeInventory(sku, [{ store: reservationStore.name, key: `${orderId}/1/${partition}`, value: reservationStore.value.encode(row) }])
  const neighbour = Array.from({ length: 50 }, (_, at) => `SKU-${at}`).find(name => stockPartitionOf(name) === partition) ?? ''
  for (const path of [`${sku}/reservations/${orderId}`, `${neighbour}/reservations/${reservationId}`]) {
    t.equal((await ask(api, path, { method: 'GET' })).statusCode, 404, path)
    t.equal((await ask(api, `${path}/release`, { key: 'key-3' })).statusCode, 404, path)
  }
  t.equal(asked(api).length, 1)
})

test('a reader waits for the reservation that it asks for by position, and is told when it is not there yet', async t => {
  const api = await build(t)
  const position = positionToken({ topic: commands.name, partition, offset: 5n })
  const id = '00000000-0000-4000-8000-00000000000d'
  const reading = ask(api, `${sku}/reservations/${id}?position=${position}`, { method: 'GET' })
  await api.until(reading)
  t.match([(await reading).headers['retry-after'], (await reading).json()], ['1', { status: 404, code: 'stock-not-visible' }])
  const other = positionToken({ topic: commands.name, partition: partition + 1, offset: 5n })
  t.match((await ask(api, `${sku}/reservations/${id}?position=${other}`, { method: 'GET' })).json(), { status: 400, code: 'position-invalid' })
})

test('pieces are held by who may reserve, and by nobody else', async t => {
  const api = await build(t)
  for (const [role, grants, status] of [
    ['Customer', undefined, 403], ['Support', undefined, 403], ['Analyst', undefined, 403], ['ServiceAccount', ['inventory:write', 'inventory:read'], 403],
    ['ServiceAccount', ['inventory:reserve'], 202], ['Admin', undefined, 202], ['WarehouseManager', undefined, 202]
  ] as const) {
    const request = { body: { ...body, quantity: 1 }, key: `${role} ${String(status)}`.replaceAll(' ', '-'), role, ...(grants === undefined ? {} : { grants }) }
    t.equal((await ask(api, `${sku}/reservations`, request)).statusCode, status, `${role} ${grants?.join() ?? ''}`)
  }
  const id = '00000000-0000-4000-8000-00000000000d'
  t.equal((await ask(api, `${sku}/reservations/${id}/release`, { role: 'ServiceAccount', grants: ['inventory:read'] })).statusCode, 403)
  t.equal((await ask(api, `${sku}/reservations/${id}`, { method: 'GET', role: 'ServiceAccount', grants: ['inventory:reserve'] })).statusCode, 403)
})
