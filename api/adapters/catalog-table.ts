import { hash } from 'node:crypto'
import { type CategoryView, type ProductView } from '#schemas'
import { type Logger, silentLogger } from '../../streams/diagnostics.ts'
import { StreamsError, ensureError } from '../../streams/errors.ts'
import { type Kafka } from '../../streams/kafka/port.ts'
import { type GlobalRow, GlobalTableSet } from '../../streams/runtime/global-table.ts'
import { type StateBackend } from '../../streams/state/port.ts'
import { createStateQuery } from '../../streams/state/query.ts'
import { defineGlobalTable } from '../../streams/processor.ts'
import { type Clock } from '../../streams/time/clock.ts'
import { catalogName } from '../../topology/catalog/process-catalog.ts'
import { type Category } from '../../topology/catalog/category.ts'
import { topics } from '../../topology/topics.ts'
import { type CatalogReader } from '../catalog/ports.ts'
import { ProductIndex } from '../catalog/product-index.ts'
import { OwnWrites } from '../own-writes.ts'
import { type LogPosition } from '../position.ts'

export interface CatalogTableOptions {
  readonly kafka: Kafka
  readonly state: StateBackend
  readonly applicationId: string
  readonly clock: Clock
  readonly logger?: Logger
  /** Bytes of products and categories as they lie in the log: beyond, nothing of the catalog is served. @default 64 MiB */
  readonly maxBytes?: number
}

/** A catalog that is being followed. */
export interface CatalogTable extends CatalogReader { close (): Promise<void> }

const products = defineGlobalTable('catalog', topics.catalog.state)
const tree = defineGlobalTable('categories', topics.catalog.categories)
/** A pause before a catalog that could not be read is read again, ms. */
const retryMs = 2_000
/** How long a reader waits for what this instance wrote, ms. */
const settleMs = 1_000

/**
 * The catalog in the memory of this process: both topics are read whole and then followed, and read again from the start when that fails.
 * Begins at once, and is not waited for: what reads it is refused until it is whole.
 */
export function createCatalogTable (
  { kafka, state, applicationId, clock, logger = silentLogger, maxBytes = 64 * 1024 * 1024 }: CatalogTableOptions
): CatalogTable {
  const query = createStateQuery({ backend: state, applicationId })
  const index = new ProductIndex()
  const categories = new Map<string, Category>()
  const own = new OwnWrites()
  const closing = new AbortController()
  let fingerprint = 0n
  let marks = new Map<string, bigint>()
  let tables: GlobalTableSet | undefined
  let isReady = false

  /** The sum of the rows' places in the log: the same in every instance that has the same rows. */
  function mark (table: string, key: string, row: GlobalRow | undefined): void {
    const name = `${table}/${key}`
    fingerprint -= marks.get(name) ?? 0n
    if (row === undefined) marks.delete(name)
    else {
      const value = BigInt(`0x${hash('sha1', `${name}@${row.version}`).slice(0, 16)}`)
      marks.set(name, value)
      fingerprint += value
    }
  }

  function onRow (table: string, key: string, row: GlobalRow | undefined): void {
    mark(table, key, row)
    if (table === products.name) index.put(key, row?.value as ProductView | undefined)
    else if (row === undefined) categories.delete(key)
    else categories.set(key, row.value as unknown as CategoryView)
  }

  /** Reads everything, and resolves when it can be followed no longer. */
  async function follow (): Promise<void> {
    index.clear()
    categories.clear()
    marks = new Map()
    fingerprint = 0n
    const failed = Promise.withResolvers<Error>()
    const set = new GlobalTableSet({ kafka, clock, logger, defs: [products, tree], limitBytes: maxBytes, onRow, onFailure: failed.resolve })
    tables = set
    const end = (): void => {
      failed.resolve(ensureError(closing.signal.reason))
      set.close().catch(failed.reject)
    }
    closing.signal.addEventListener('abort', end)
    try {
      await set.start()
      isReady = true
      logger.info({ products: index.size, categories: categories.size }, 'the catalog is read')
      throw await failed.promise
    } finally {
      isReady = false
      closing.signal.removeEventListener('abort', end)
      await set.close()
    }
  }

  async function run (): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await follow()
      } catch (error) {
        if (closing.signal.aborted) return
        logger.error({ err: error }, 'the catalog is not served until it can be read again')
        await clock.sleep(retryMs, closing.signal).catch(() => {})
      }
    }
  }

  function whole<Value> (read: () => Value): Value {
    if (!isReady) throw new StreamsError('STR_STATE_UNAVAILABLE', { node: catalogName, reason: 'the catalog is being read' })
    return read()
  }

  async function reach (position: LogPosition, timeoutMs: number, signal: AbortSignal = closing.signal): Promise<boolean> {
    const deadlineMs = clock.now() + timeoutMs
    // Outputs are in the log before the state knows of them: the end of the topics that is seen then holds what the command led to.
    if (!await query.waitFor(catalogName, position.partition, position, { clock, timeoutMs, signal })) return false
    if (tables === undefined || !isReady) return false
    const timer = new AbortController()
    const cancel = clock.schedule(Math.max(1, deadlineMs - clock.now()), () => { timer.abort() })
    try {
      const until = AbortSignal.any([timer.signal, signal, closing.signal])
      await Promise.all([tables.catchUp(products.name, until), tables.catchUp(tree.name, until)])
      return true
    } catch (error) {
      if (timer.signal.aborted || signal.aborted || closing.signal.aborted) return false
      throw error
    } finally {
      cancel()
    }
  }

  const running = run()
  return {
    get isReady () { return isReady },
    get fingerprint () { return whole(() => BigInt.asUintN(64, fingerprint).toString(36)) },
    product: sku => whole(() => index.get(sku)),
    categories: () => whole(() => [...categories.values()].toSorted((a, b) => a.categoryId < b.categoryId ? -1 : 1)),
    search: wanted => whole(() => index.search(wanted)),
    wrote: (key, position) => { own.wrote(key, position) },
    settle: async key => {
      const position = own.of(key)
      if (position === undefined) return
      // Who did not ask for a position gets what there is, when it does not come in time or the state cannot tell.
      await reach(position, settleMs).catch(() => false)
      own.settled(key, position)
    },
    reach: async (position, { timeoutMs, signal }) => await reach(position, timeoutMs, signal),
    close: async () => {
      closing.abort(new StreamsError('STR_CLOSED', { table: products.name }))
      await running
    }
  }
}
