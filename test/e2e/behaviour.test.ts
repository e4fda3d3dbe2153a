import { test } from 'tap'
import { createApi, generateTokenKey, openTokenKeys } from '../../api/index.ts'
import { applicationId } from '../../topology/codec.ts'
import { call } from '../support/http.ts'
import { openSaga, twoOfEach } from '../support/saga-scene.ts'

const attempts = 600

test('a visit is told once from the first view to the order, and an experiment by whichever API answers', async t => {
  const scene = await openSaga(t)
  if (scene === undefined) return
  const { platform, customer, products, checkHealth } = scene
  const key = await generateTokenKey()
  const other = await createApi({
    ...platform,
    applicationId,
    identitySecret: Buffer.alloc(32),
    token: { keys: await openTokenKeys({ read: async () => [key], clock: { now: Date.now }, ttlS: 60 }), issuer: 'i', audience: 'a', ttlS: 60 }
  })
  t.teardown(async () => { await other.close() })

  const experiment = `e2e-${crypto.randomUUID()}`
  const sessionId = crypto.randomUUID()
  const admin = await platform.token('Admin', 'admin-1')
  const define = async (change: object) => await call(`${platform.apiUrl}/v1/admin/flags/${experiment}`, {
    token: admin,
    method: 'PUT',
    body: { enabled: true, reason: 'a test', kind: 'string', variants: [{ name: 'only', value: 'x', weightBp: 10_000 }], variant: 'only', experiment: true, ...change }
  })
  const askHere = async () => (await call(`${platform.apiUrl}/v1/experiments/assignments`, { method: 'POST', body: { sessionId, experiments: [experiment] } })).body
  const askThere = async () => (await other.inject({ method: 'POST', url: '/v1/experiments/assignments', payload: { sessionId, experiments: [experiment] } })).json() as unknown
  /** Asks until the answer says that; fails with the last one when it never does. */
  const until = async <T>(ask: () => Promise<T>, says: (answer: T) => boolean): Promise<T> => {
    let answer = await ask()
    for (let n = 0; n < attempts && !says(answer); n++) {
      await new Promise(resolve => setTimeout(resolve, 100))
      answer = await ask()
    }
    return answer
  }
  const rows = async (sql: string) => await (await platform.clickhouse.query({ query: sql, format: 'JSONEachRow' })).json<Readonly<Record<string, unknown>>>()
  const told = async () => await rows(`SELECT event_type, count() AS rows FROM raw_events WHERE entity_key = '${sessionId}' AND event_type != 'ProductFact' GROUP BY event_type ORDER BY event_type`)

  await t.test('a flag that one API has changed is seen by another one, in both directions of the switch', async t => {
    t.match(await define({}), { status: 200 })
    t.match(await until(askThere, answer => JSON.stringify(answer).includes('SPLIT')), { items: [{ variant: 'only', value: 'x', reason: 'SPLIT' }] })
    t.match(await define({ enabled: false }), { status: 200 })
    t.match(await until(askThere, answer => JSON.stringify(answer).includes('DISABLED')), { items: [{ variant: null, reason: 'DISABLED' }] })
    t.match(await define({}), { status: 200 })
    t.match(await askHere(), { items: [{ variant: 'only', reason: 'SPLIT' }] }, 'who changed it sees it at once')
    await until(askThere, answer => JSON.stringify(answer).includes('SPLIT'))
  })

  await t.test('views, cart, checkout and purchase land once, however often the client repeats itself', async t => {
    const skus = await products(10)
    const { orderId } = (await customer.order(twoOfEach(skus))).data
    t.equal(await customer.endOf(orderId), 'OrderConfirmed')
    const about = (n: number) => ({ eventId: `event-${n}-${sessionId.slice(0, 8)}`, sessionId, at: new Date().toISOString() })
    const events = [
      { type: 'ProductViewed', ...about(1), sku: skus[0] }, { type: 'ProductViewed', ...about(2), sku: skus[0] }, { type: 'ProductViewed', ...about(3), sku: skus[1] },
      { type: 'ProductAddedToCart', ...about(4), sku: skus[0], quantity: 2 }, { type: 'CheckoutStarted', ...about(5), orderId }
    ]
    const tell = async (some: readonly object[]) => await call(`${platform.apiUrl}/v1/behaviour`, { method: 'POST', body: { events: some } })
    t.match(await tell(events), { status: 202, body: { accepted: 5, refused: [] } })
    t.match(await tell(events), { status: 202 })
    t.match((await other.inject({ method: 'POST', url: '/v1/behaviour', payload: { events } })).json(), { accepted: 5 })
    // The last visit of the session: when it is there, so are those before it, and every repeat has been judged. Exposures come on a topic of their own.
    t.match(await tell([{ type: 'ProductViewed', ...about(6), sku: skus[1] }]), { status: 202 })
    const isWhole = (found: ReadonlyArray<Readonly<Record<string, unknown>>>): boolean =>
      found.some(row => row['event_type'] === 'ProductViewed' && Number(row['rows']) >= 4) && found.some(row => row['event_type'] === 'ExperimentExposed')
    t.same(await until(told, isWhole), [
      { event_type: 'CheckoutStarted', rows: '1' }, { event_type: 'ExperimentExposed', rows: '1' }, { event_type: 'ProductAddedToCart', rows: '1' }, { event_type: 'ProductViewed', rows: '4' }
    ])
    const bought = async () => await rows(`SELECT count() AS rows FROM raw_events WHERE event_type = 'ProductPurchased' AND order_id = '${orderId}'`)
    t.match(await until(bought, ([row]) => Number(row?.['rows']) > 0), [{ rows: '1' }])

    const counted = async () => await rows(`SELECT views, cart_additions, cart_pieces, purchases, purchased_lines, purchased_pieces, listed FROM product_days WHERE sku = '${skus[0]}'`)
    t.match(await until(counted, ([row]) => Number(row?.['views']) >= 2 && Number(row?.['purchases']) >= 1), [
      { views: '2', cart_additions: '1', cart_pieces: '2', purchases: '1', purchased_lines: '1', purchased_pieces: '2', listed: 1 }
    ])
    t.match(await rows(`SELECT reached FROM funnel_sessions WHERE session_id = '${sessionId}'`), [{ reached: 4 }])
    t.match(await rows(`SELECT views, cart_additions, checkouts, orders FROM sessions WHERE session_id = '${sessionId}'`), [{ views: '4', cart_additions: '1', checkouts: '1', orders: '1' }])
    t.match(await rows(`SELECT variant, exposures, subjects, reason FROM experiment_variants WHERE experiment = '${experiment}'`), [{ variant: 'only', exposures: '1', subjects: '1', reason: 'SPLIT' }])
    t.match(await rows(`SELECT variant, subjects, crossed, with_checkout, with_order FROM experiment_conversions WHERE experiment = '${experiment}'`), [
      { variant: 'only', subjects: '1', crossed: '0', with_checkout: '1', with_order: '1' }
    ])
  })

  checkHealth(t)
})
