import { test } from 'tap'
import { call, orderBody } from '../support/http.ts'
import { newSku } from '../support/orders.ts'
import { usePlatform } from '../support/platform.ts'
import { until } from '../support/until.ts'

interface Body { readonly [name: string]: unknown }

/** Looks again and again until it is so, seldom enough for the limit of requests. */
async function soon (isTrue: () => Promise<boolean>): Promise<void> {
  await until(async () => {
    await new Promise(resolve => { setTimeout(resolve, 250) })
    return await isTrue()
  })
}

test('a product is written, found, read from the cache, ordered and taken off sale on the real stack', async t => {
  const platform = await usePlatform(t)
  if (platform === undefined) return
  const [editor, reader, keeper] = [await platform.token('Admin', 'editor'), await platform.token('Customer', 'catalog-reader'), await platform.token('WarehouseManager', 'keeper')]
  const url = `${platform.apiUrl}/v1`
  const write = async (method: string, path: string, body?: object, headers: Record<string, string> = { prefer: 'wait=20' }, token = editor) =>
    await call(`${url}${path}`, { token, method, ...(body === undefined ? {} : { body }), headers: { 'idempotency-key': crypto.randomUUID(), ...headers } })
  const read = async (path: string, headers: Record<string, string> = {}) => await call(`${url}${path}`, { token: reader, headers })
  await soon(async () => (await read('/products')).status === 200)

  const sku = newSku()
  const word = `lantern${sku.replace(/\W/g, '').toLowerCase()}`
  const [shelf, below] = [`shelf-${sku.toLowerCase()}`, `below-${sku.toLowerCase()}`]
  t.match(await write('POST', '/categories', { categoryId: shelf, name: 'Shelf' }), { status: 201, body: { categoryId: shelf, version: 1 } })
  t.match(await write('POST', '/categories', { categoryId: below, name: 'Below', parentId: shelf }), { status: 201 })
  t.match(await write('POST', `/categories/${shelf}/move`, { parentId: below }), { status: 422, body: { errors: [{ field: '/parentId' }] } })

  // Own write, by position: not there for readers before it is published.
  const product = { sku, name: `red ${word}`, prices: [{ currency: 'GBP', amount: '12.5' }], categoryIds: [below], attributes: [{ name: 'colour', value: 'red' }] }
  const created = await write('POST', '/products', product, {})
  t.equal(created.status, 202)
  const { location } = created.body as { readonly location: string }
  t.match(await call(`${platform.apiUrl}${location}`, { token: editor }), { status: 200, body: { status: 'draft', version: 1 } })
  t.equal((await read(`/products/${sku}`)).status, 404)
  t.match(await write('POST', `/products/${sku}/publish`), { status: 200, body: { status: 'published', version: 2 } })

  // Search and facets, words and the category above.
  t.match(await read(`/products?q=${word}&category=${shelf}&attr=colour:red&currency=GBP&maxPrice=13`), {
    status: 200, body: { items: [{ sku }], next: null, facets: { total: 1, price: { lowest: '12.5000' } } }
  })

  // The cache: the same until the price changes.
  const first = await read(`/products/${sku}`)
  const etag = String(first.headers.get('etag'))
  t.equal((await read(`/products/${sku}`, { 'if-none-match': etag })).status, 304)
  t.match(await write('POST', `/products/${sku}/price`, { currency: 'GBP', amount: '14' }, { prefer: 'wait=20', 'if-match': etag }), { status: 200, body: { version: 3 } })
  t.match(await read(`/products/${sku}`, { 'if-none-match': etag }), { status: 200, body: { prices: [{ currency: 'GBP', amount: '14.0000' }] } })
  t.equal((await write('POST', `/products/${sku}/price`, { currency: 'GBP', amount: '15' }, { 'if-match': etag })).status, 412)
  t.match(await write('PATCH', `/products/${sku}`, { categoryIds: ['no-such-category'] }), { status: 422, body: { code: 'change-rejected', rule: 'unknown-category' } })
  await soon(async () => ((await read(`/products/${sku}/prices`)).body as { readonly items?: readonly Body[] }).items?.length === 2)
  t.match((await read(`/products/${sku}/prices`)).body, { items: [{ before: null, after: '12.5000' }, { before: '12.5000', after: '14.0000' }] })

  // Stock, by class; an order at the new price, and none once it is off sale.
  t.equal((await write('POST', '/inventory', { sku, openingStock: 2, reorderLevel: 1 }, {}, keeper)).status, 202)
  const shows = async (availability: string) => await soon(async () => ((await read(`/products/${sku}`)).body as Body)['availability'] === availability)
  await shows('inStock')
  const order = async () => await write('POST', '/orders', orderBody(sku), { prefer: 'wait=30' }, reader)
  // Its tasks may be changing hands: then it is taken in at once, and ends later.
  const { orderId } = (await order()).body as { readonly orderId: string }
  await soon(async () => ((await read(`/orders/${orderId}`)).body as Body)['state'] === 'Confirmed')
  t.match(await read(`/orders/${orderId}`), { status: 200, body: { state: 'Confirmed', lines: [{ sku, unitPrice: '14.0000' }] } })
  await shows('low')
  t.equal((await write('DELETE', `/products/${sku}`)).status, 409)
  t.match(await write('POST', `/products/${sku}/unpublish`), { status: 200, body: { status: 'unpublished', version: 4 } })
  // Orders read the catalog by themselves, a moment later than the API.
  await soon(async () => (await order()).status === 422)
  t.match(await write('DELETE', `/products/${sku}`), { status: 200, body: { status: 'archived' } })
  t.equal((await read(`/products/${sku}`)).status, 404)
  t.match(await read(`/products?q=${word}`), { body: { items: [], facets: { total: 0 } } })
})
