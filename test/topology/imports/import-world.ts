import { type CreditNoteMatched, type CreditNoteUnmatched, type ImportedInvoice, type ImportedOrderSettled } from '#schemas'
import { type Handler, type ProcessorContext, type StoreDef } from '../../../streams/processor.ts'
import { type TypedValue } from '../../../streams/serde/serde.ts'
import { type TopicDef } from '../../../streams/topic.ts'
import { importsProcessor } from '../../../topology/imports/process-imports.ts'
import { topics } from '../../../topology/topics.ts'
import { eventMeta, isCredit, keyOf } from './import-fixtures.ts'

export interface Emitted { readonly topic: string, readonly key: string, readonly value: TypedValue }

/** The handlers of the import over maps: fast enough for thousands of histories. Rows and outputs are plain values. */
export class ImportWorld {
  readonly emitted: Emitted[] = []
  readonly rows = new Map<string, Map<string, unknown>>()
  /** Rows written so far. */
  writes = 0
  #ids = 0
  readonly #context: ProcessorContext

  constructor () {
    const unused = (): never => { throw new Error('the import does not need this') }
    this.#context = {
      task: { processor: 'imports', partition: 0 },
      source: { kind: 'record', topic: topics.imports.invoices.name, partition: 0, offset: 0n },
      nowMs: 1_000,
      get wallMs (): number { return unused() },
      get runningSinceMs (): number { return unused() },
      headers: [],
      nextId: () => `id-${this.#ids++}`,
      store: <V>(def: StoreDef<V>) => {
        const rows = this.rowsOf(def)
        const put = (key: string, row: V): void => {
          rows.set(key, row)
          this.writes++
        }
        return { get: (key: string) => rows.get(key), put, delete: (key: string) => { rows.delete(key) }, scan: unused }
      },
      emit: <V extends TypedValue>(topic: TopicDef<V>, { key, value }: { readonly key: string, readonly value: V }) => {
        this.emitted.push({ topic: topic.name, key, value })
      },
      timers: { set: unused, cancel: unused },
      global: unused,
      startEffect: unused,
      isEffectOpen: unused,
      endEffect: unused
    }
  }

  rowsOf<V> (def: StoreDef<V>): Map<string, V> {
    let rows = this.rows.get(def.name)
    if (rows === undefined) this.rows.set(def.name, rows = new Map())
    return rows as Map<string, V>
  }

  bring (invoice: ImportedInvoice, key = keyOf(invoice)): void {
    this.#handle(invoice, key)
  }

  settle (orderId: string, customerId: string, confirmed: boolean, key = customerId): void {
    const settled: ImportedOrderSettled = { type: 'ImportedOrderSettled', meta: eventMeta, orderId, customerId, confirmed }
    this.#handle(settled, key)
  }

  /** What has been said about credits, in order. */
  get credits (): ReadonlyArray<CreditNoteMatched | CreditNoteUnmatched> {
    return this.emitted.map(({ value }) => value).filter(isCredit)
  }

  #handle (value: ImportedInvoice | ImportedOrderSettled, key: string): void {
    const handler = (importsProcessor.handlers as Readonly<Record<string, Handler>>)[value.type]
    handler?.(this.#context, value, { topic: '', partition: 0, offset: 0n, key, timestampMs: 0 })
  }
}
