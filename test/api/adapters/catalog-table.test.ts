import { type Test, test } from 'tap'
import { type CategoryView, type ProductView } from '#schemas'
import { type CatalogTableOptions, createCatalogTable } from '../../../api/adapters/catalog-table.ts'
import { toRecord } from '../../../ops/play/commands.ts'
import { createMemoryBroker } from '../../../streams/kafka/memory/index.ts'
import { createMemoryBackend } from '../../../streams/state/memory/index.ts'
import { createManualClock } from '../../../streams/time/manual-clock.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { productQuery } from '../../support/catalog-search.ts'
import { productView } from '../../support/catalog.ts'

await bindMemoryCodec()

const category = (categoryId: string): CategoryView => ({ type: 'CategoryView', categoryId, name: categoryId, parentId: null, archived: false, version: 1 })

async function log (t: Test, isProvisioned = true) {
  const broker = createMemoryBroker()
  const kafka = broker.client()
  await kafka.start()
  t.teardown(async () => { await kafka.close() })
  const provision = async (): Promise<void> => {
    const both = [topics.catalog.state, topics.catalog.categories]
    await kafka.admin.createTopics(both.map(({ name, partitions }) => ({ name, partitions, replicas: 1, config: {} })))
  }
  if (isProvisioned) await provision()
  const clock = createManualClock(0)
  return {
    clock,
    provision,
    tell: async (...views: ReadonlyArray<ProductView | CategoryView>) => {
      await kafka.producer().send(views.map(view => view.type === 'ProductView' ? toRecord(topics.catalog.state, view.sku, view) : toRecord(topics.catalog.categories, view.categoryId, view)))
    },
    open: (options: Partial<CatalogTableOptions> = {}) => {
      const table = createCatalogTable({ kafka, state: createMemoryBackend(), applicationId: 'commerce', clock, ...options })
      t.teardown(async () => { await table.close() })
      return table
    }
  }
}

/** Lets the event loop turn until it is so. */
async function turn (isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(resolve => { setImmediate(resolve) })
}

test('a catalog is read whole before it is ready, and refused until then', async t => {
  const { tell, open } = await log(t)
  await tell(...Array.from({ length: 300 }, (_, i) => productView(`P-${i}`)), category('home'))
  const table = open()
  t.notOk(table.isReady)
  for (const read of [() => table.product('P-1'), () => table.search(productQuery()), () => table.categories(), () => table.fingerprint]) {
    t.throws(read, { code: 'STR_STATE_UNAVAILABLE' })
  }
  await turn(() => table.isReady)
  t.equal(table.search(productQuery()).facets.total, 300)
  t.match(table.categories(), [{ categoryId: 'home' }])
})

test('a catalog follows its topics: the newest row of a product counts', async t => {
  const { tell, open } = await log(t)
  await tell(productView('A'))
  const table = open()
  await turn(() => table.isReady)
  await tell(productView('A', { version: 2, name: 'second' }), productView('B'), category('home'))
  await turn(() => table.product('A')?.version === 2 && table.product('B') !== undefined && table.categories().length === 1)
  t.equal(table.product('A')?.name, 'second')
})

test('two instances have the same fingerprint when they have the same catalog, and another one when it changes', async t => {
  const { tell, open } = await log(t)
  await tell(productView('A'), productView('B'))
  const [one, other] = [open(), open()]
  await turn(() => one.isReady && other.isReady)
  const before = one.fingerprint
  t.equal(other.fingerprint, before)
  await tell(productView('A', { version: 2 }))
  await turn(() => one.product('A')?.version === 2 && other.product('A')?.version === 2)
  t.not(one.fingerprint, before)
  t.equal(other.fingerprint, one.fingerprint)
  const late = open()
  await turn(() => late.isReady)
  t.equal(late.fingerprint, one.fingerprint, 'one that read the old row and the new one in one go')
})

test('a catalog that is larger than it may be is not served', async t => {
  const { tell, open } = await log(t)
  const table = open({ maxBytes: 5_000 })
  await turn(() => table.isReady)
  await tell(...Array.from({ length: 10 }, (_, i) => productView(`P-${i}`, { description: 'x'.repeat(1_000) })))
  await turn(() => !table.isReady)
  t.throws(() => table.product('P-1'), { code: 'STR_STATE_UNAVAILABLE' })
})

test('a catalog that cannot be read is read again, from its beginning', async t => {
  const { tell, open, provision, clock } = await log(t, false)
  const table = open()
  await clock.advance(100)
  t.notOk(table.isReady)
  await provision()
  await tell(productView('A'))
  while (!table.isReady) await clock.advance(1_000)
  t.equal(table.product('A')?.sku, 'A')
})

test('a catalog that is closed while it is being read ends by itself', async t => {
  const { tell, open } = await log(t)
  await tell(productView('A'))
  const table = open()
  await table.close()
  t.notOk(table.isReady)
})
