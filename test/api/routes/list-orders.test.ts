import { test } from 'tap'
import { topics } from '../../../topology/topics.ts'
import { createClickHouseOrderLists } from '../../../api/adapters/clickhouse-order-lists.ts'
import { type AnalyticsClient } from '../../../api/adapters/clickhouse-order-history.ts'
import { type ListedOrder, type OrderListWish } from '../../../api/ports.ts'
import { orderView } from '../order-fixtures.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'

const idOf = (index: number): string => `0198c0de-0000-8000-8000-00000000000${index}`

/** Orders 1 to 5, the newest first; odd ones are of customer-1, the others of customer-2. Says what was asked for. */
function lists () {
  const wishes: OrderListWish[] = []
  const all: ListedOrder[] = [5, 4, 3, 2, 1].map(index => ({ orderId: idOf(index), placedAtMs: 1000 * index }))
  const list = async (wish: OrderListWish): Promise<readonly ListedOrder[]> => {
    wishes.push(wish)
    const { customerId, after, limit } = wish
    const mine = all.filter((_, index) => customerId === undefined || (customerId === 'customer-1') === (index % 2 === 0))
    return mine.filter(({ placedAtMs }) => after === undefined || placedAtMs < after.placedAtMs).slice(0, limit)
  }
  return { wishes, list }
}

async function stored (api: ApiUnderTest): Promise<void> {
  for (let index = 1; index <= 5; index++) {
    await api.store(idOf(index), { view: orderView(idOf(index), { customerId: index % 2 === 1 ? 'customer-1' : 'customer-2', state: index === 3 ? 'Confirmed' : 'Pending' }) })
  }
}

async function get (api: ApiUnderTest, query: string, token?: string) {
  return await api.app.inject({ url: `/v1/orders${query}`, headers: { authorization: `Bearer ${token ?? await api.token('Customer')}` } })
}

const ids = (body: { readonly items: ReadonlyArray<{ readonly orderId: string }> }): string[] => body.items.map(({ orderId }) => orderId)

test('a customer lists its own orders and no others, the newest first', async t => {
  const { wishes, list } = lists()
  const api = await buildApi(t, { orderLists: { list } })
  await stored(api)
  const answer = await get(api, '')
  t.equal(answer.statusCode, 200)
  t.same(ids(answer.json()), [idOf(5), idOf(3), idOf(1)])
  t.match(wishes, [{ customerId: 'customer-1' }])
  t.same(answer.json().items[0], {
    orderId: idOf(5),
    state: 'Pending',
    outcome: null,
    channel: 'api',
    customerId: 'customer-1',
    currency: 'GBP',
    total: '15.3000',
    lines: 1,
    placedAt: '2023-11-14T22:13:20.000Z',
    updatedAt: '2023-11-14T22:13:20.000Z',
    clientReference: null
  })
})

test('an order of another customer is not listed even where analytics names it', async t => {
  const api = await buildApi(t, { orderLists: { list: async () => [{ orderId: idOf(2), placedAtMs: 1 }, { orderId: idOf(1), placedAtMs: 1 }] } })
  await stored(api)
  t.same(ids((await get(api, '')).json()), [idOf(1)])
})

test('who may read all orders lists all of them, or those of a customer', async t => {
  const { wishes, list } = lists()
  const api = await buildApi(t, { orderLists: { list } })
  await stored(api)
  const token = await api.token('Support', 'agent')
  t.same(ids((await get(api, '', token)).json()), [5, 4, 3, 2, 1].map(idOf))
  t.same(ids((await get(api, '?customer=customer-2', token)).json()), [4, 2].map(idOf))
  t.match(wishes, [{ customerId: undefined }, { customerId: 'customer-2' }])
})

test('a customer that asks for the orders of another is refused with 403', async t => {
  const { wishes, list } = lists()
  const api = await buildApi(t, { orderLists: { list } })
  t.equal((await get(api, '?customer=customer-2')).statusCode, 403)
  t.equal((await get(api, '?customer=customer-1')).statusCode, 200)
  t.equal(wishes.length, 1)
})

test('orders are listed page by page, each once', async t => {
  const { list } = lists()
  const api = await buildApi(t, { orderLists: { list } })
  await stored(api)
  const token = await api.token('Support', 'agent')
  const seen: string[] = []
  for (let query: string | null = '?limit=2'; query !== null;) {
    const page: { items: Array<{ orderId: string }>, next: string | null } = (await get(api, query, token)).json()
    seen.push(...ids(page))
    query = page.next === null ? null : `?limit=2&after=${page.next}`
  }
  t.same(seen, [5, 4, 3, 2, 1].map(idOf))
})

test('an order that has left the state asked for is not listed, and the page goes on', async t => {
  const { wishes, list } = lists()
  const api = await buildApi(t, { orderLists: { list } })
  await stored(api)
  const page = (await get(api, '?state=Confirmed&limit=1')).json()
  t.same(page, { items: [], next: `5000-${idOf(5)}` })
  t.same(ids((await get(api, `?state=Confirmed&limit=1&after=${page.next}`)).json()), [idOf(3)])
  t.match(wishes, [{ state: 'Confirmed' }, { state: 'Confirmed', after: { orderId: idOf(5), placedAtMs: 5000 } }])
})

test('orders of a time are asked for as moments', async t => {
  const { wishes, list } = lists()
  const api = await buildApi(t, { orderLists: { list } })
  t.equal((await get(api, '?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z')).statusCode, 200)
  t.match(wishes, [{ fromMs: Date.UTC(2026, 0, 1), untilMs: Date.UTC(2026, 0, 2) }])
})

test('a list is refused when its query makes no sense', async t => {
  const api = await buildApi(t)
  for (const query of ['?limit=0', '?limit=101', '?limit=x', '?after=1', '?after=x-y', '?state=Lost', '?from=yesterday', '?sort=asc', '?customer=']) {
    t.equal((await get(api, query)).statusCode, 400, query)
  }
})

test('a list is 503 when analytics does not answer', async t => {
  const api = await buildApi(t, { orderLists: { list: async () => { throw new Error('connection refused to 10.0.0.1') } } })
  const answer = await get(api, '')
  t.match([answer.statusCode, answer.json().code], [503, 'analytics-unavailable'])
  t.notMatch(answer.body, /10\.0/)
})

test('the list asks analytics with bound parameters only', async t => {
  const asked: Array<{ readonly query: string, readonly query_params: object }> = []
  const client = {
    query: async (request: { readonly query: string, readonly query_params: object }) => {
      asked.push(request)
      return { json: async () => [{ order_id: 'o-1', placed: '7' }] }
    }
  } as unknown as AnalyticsClient
  const customerId = "x' OR 1=1"
  t.same(await createClickHouseOrderLists(client).list({ customerId, limit: 3 }), [{ orderId: 'o-1', placedAtMs: 7 }])
  t.match(asked, [{ query_params: { topic: topics.orders.events.name, customer: customerId, state: '', from: 0, orderId: '', limit: 3 } }])
  t.notMatch(asked[0]?.query, /1=1/)
})
