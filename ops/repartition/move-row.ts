import { type FetchedRecord, type OutgoingRecord, type ProcessorDef, partitionOf } from '#streams'
import { type ChangelogKey, TIMER_STORE } from '../../streams/state/changelog.ts'
import { parseExpiryKey } from '../../streams/state/expiry.ts'
import { decodeTimer } from '../../streams/time/timers.ts'
import { refused } from './refusal.ts'
import { type RowHome, type TimerHome, rowHomes, timerHomes } from './homes.ts'

/** From how many partitions to how many; the second is a multiple of the first, so what was in p is in p, p + before, p + 2 × before … */
export interface Growth { readonly before: number, readonly after: number }

/** The partitions that one becomes, itself first. */
export function heirsOf (partition: number, { before, after }: Growth): readonly number[] {
  return Array.from({ length: after / before }, (_, index) => partition + index * before)
}

/** Where a record goes: with its key. One that lies where its key does not belong was forwarded when it was handled; it stays under its number. */
export function placeOfRecord (key: Uint8Array | null, partition: number, { before, after }: Growth): number {
  return key !== null && partitionOf(key, before) === partition ? partitionOf(key, after) : partition
}

type Placed = Pick<OutgoingRecord, 'partition' | 'value'>
type Row = Extract<ChangelogKey, { readonly kind: 'row' }>

/** Where the rows and the timers of processors belong. */
export interface Homes { readonly rows: Readonly<Record<string, RowHome>>, readonly timers: Readonly<Record<string, TimerHome>> }

/** Says where the rows of a processor go, of a changelog in its order. */
export class RowMover {
  readonly #node: ProcessorDef
  readonly #growth: Growth
  readonly #rows: Readonly<Record<string, RowHome>>
  readonly #timers: TimerHome | undefined

  /** @throws {OpsError} OPS_REPARTITION_REFUSED for a processor with a store that nobody said the home of. */
  constructor (node: ProcessorDef, growth: Growth, { rows, timers }: Homes = { rows: rowHomes, timers: timerHomes }) {
    this.#node = node
    this.#growth = growth
    this.#rows = rows
    this.#timers = timers[node.name]
    const strange = growth.after === growth.before ? undefined : node.stores.find(store => rows[`${node.name}/${store.name}`] === undefined)
    if (strange !== undefined) throw refused(`nobody says where the rows of ${node.name}/${strange.name} belong`)
  }

  /**
   * Where a row or its end goes, with the value that it has there.
   *
   * @throws {OpsError} OPS_REPARTITION_REFUSED when it does not lie where its home says.
   */
  async placesOf (row: Row, { partition, value }: Pick<FetchedRecord, 'partition' | 'value'>): Promise<readonly Placed[]> {
    const heirs = heirsOf(partition, this.#growth)
    const everywhere = heirs.map(heir => ({ partition: heir, value }))
    if (heirs.length === 1) return everywhere
    if (row.store === TIMER_STORE) return this.#ofTimer(row.key, partition, value) ?? everywhere
    const home = this.#rows[`${this.#node.name}/${row.store}`]
    if (home?.kind === 'key') return [{ partition: this.#check(home.of(row.key), partition, row.store), value }]
    // What was the end of a row no longer says whose it was: an end where there is no row ends nothing.
    if (home === undefined || home.kind === 'everywhere' || value === null) return everywhere
    const { serde, decoded } = await this.#decode(row.store, value)
    if (home.kind === 'value') {
      const key = home.of(decoded as never)
      return key === null ? everywhere : [{ partition: this.#check(key, partition, row.store), value }]
    }
    return heirs.map(heir => ({ partition: heir, value: serde.encode(home.keep(decoded as never, heir, key => this.#place(key) === heir)) }))
  }

  #ofTimer (key: string, partition: number, value: Buffer | null): readonly Placed[] | undefined {
    const expiry = parseExpiryKey(key)
    if (expiry !== undefined) {
      const home = this.#rows[`${this.#node.name}/${expiry.store}`]
      return home?.kind === 'key' ? [{ partition: this.#check(home.of(expiry.key), partition, expiry.store), value }] : undefined
    }
    if (this.#timers === undefined) throw refused(`nobody says where the timers of ${this.#node.name} belong`)
    if (value === null) return undefined
    const home = this.#timers({ key, payload: decodeTimer(value).payload })
    return home === null ? undefined : [{ partition: this.#check(home, partition, 'timers'), value }]
  }

  async #decode (name: string, bytes: Buffer) {
    const store = this.#node.stores.find(store => store.name === name)
    if (store === undefined) throw refused(`the changelog of ${this.#node.name} has a store '${name}' that this release does not know`)
    await store.value.prepare?.(bytes)
    return { serde: store.value, decoded: store.value.decode(bytes) }
  }

  #place (key: string): number {
    return partitionOf(key, this.#growth.after)
  }

  /** Each row proves that its home is told rightly: it has to lie there. */
  #check (key: string, partition: number, store: string): number {
    if (partitionOf(key, this.#growth.before) === partition) return this.#place(key)
    throw refused(`a row of ${this.#node.name}/${store} in partition ${partition} belongs to another partition than it lies in`)
  }
}
