import { test } from 'tap'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'

const levels = ['A', 'B', 'C'].map(sku => ({ sku, onHand: 4, reserved: 1, reorderLevel: 3 }))
const orderId = '0198c0de-0000-8000-8000-000000000001'
const held = ['A', 'B C', 'D'].map(sku => ({ orderId, sku, quantity: 2, sinceMs: 1_700_000_000_000 }))

async function get (api: ApiUnderTest, path: string, role: 'WarehouseManager' | 'Customer' = 'WarehouseManager') {
  return await api.app.inject({ url: `/v1/inventory${path}`, headers: { authorization: `Bearer ${await api.token(role, 'keeper')}` } })
}

/** Everything of a list, page by page. */
async function pages (api: ApiUnderTest, path: string): Promise<object[]> {
  const items: object[] = []
  for (let after: string | null = ''; after !== null;) {
    const page: { items: object[], next: string | null } = (await get(api, `${path}?limit=1${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`)).json()
    items.push(...page.items)
    after = page.next
  }
  return items
}

test('the stock of every SKU is listed page by page', async t => {
  const api = await buildApi(t, { levels })
  t.same(await pages(api, ''), levels.map(level => ({ ...level, available: 3 })))
})

test('what orders hold is listed page by page, SKUs with spaces included', async t => {
  const api = await buildApi(t, { held })
  t.same(await pages(api, '/reservations'), held.map(({ orderId, sku, quantity }) => ({ orderId, sku, quantity, since: '2023-11-14T22:13:20.000Z' })))
})

test('a reservation list is asked for one SKU, in upper case, and one order', async t => {
  const asked: object[] = []
  const api = await buildApi(t)
  Object.assign(api.app.services.stockLevels, { held: async (wanted: object) => { asked.push(wanted); return [] } })
  t.equal((await get(api, `/reservations?sku=85123a&order=${orderId}`)).statusCode, 200)
  t.same(asked, [{ limit: 51, sku: '85123A', orderId }])
})

test('a list of stock is refused when its query makes no sense, and closed to customers', async t => {
  const api = await buildApi(t)
  for (const path of ['?limit=0', '?limit=101', '?more=1', '/reservations?after=x', '/reservations?order=1', '/reservations?sku=']) t.equal((await get(api, path)).statusCode, 400, path)
  for (const path of ['', '/reservations']) t.equal((await get(api, path, 'Customer')).statusCode, 403, path)
})

test('a list of stock is 503 when analytics does not answer', async t => {
  const api = await buildApi(t)
  const fail = async (): Promise<never> => { throw new Error('down') }
  Object.assign(api.app.services.stockLevels, { list: fail, held: fail })
  for (const path of ['', '/reservations']) t.match((await get(api, path)).json(), { status: 503, code: 'analytics-unavailable' })
})
