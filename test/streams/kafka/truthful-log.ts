import fc from 'fast-check'
import { type AbortedTransaction } from '../../../streams/kafka/wire/read-committed.ts'
import { encodePlainly, type PlainRecord } from './wire/plain-batch.ts'

/** What a producer does next. */
export interface Move {
  readonly producer: number
  readonly kind: 'write' | 'plain' | 'commit' | 'abort' | 'hole'
  readonly records: number
  /** True for keys that have the bytes of a marker's. */
  readonly hasZeroKeys: boolean
  readonly codec: number
}

export const move: fc.Arbitrary<Move> = fc.record({
  producer: fc.nat(3),
  kind: fc.oneof(
    { weight: 5, arbitrary: fc.constant('write' as const) },
    { weight: 2, arbitrary: fc.constantFrom('plain' as const, 'commit' as const, 'abort' as const) },
    { weight: 1, arbitrary: fc.constant('hole' as const) }
  ),
  records: fc.integer({ min: 1, max: 4 }),
  hasZeroKeys: fc.boolean(),
  codec: fc.constantFrom(0, 0, 0, 1, 2, 3)
})

interface Transaction { readonly producer: number, readonly first: bigint, outcome: 'open' | 'commit' | 'abort' }
interface Entry {
  readonly last: bigint
  readonly bytes: Buffer
  readonly offsets: readonly bigint[]
  readonly transaction: Transaction | undefined
}

interface Answer { readonly records: Buffer, readonly aborted: readonly AbortedTransaction[], readonly lastStableOffset: bigint }

/** One partition as a broker has it, and what of it is true: which records are committed. The value of a record is its offset. */
export class TruthfulLog {
  end = 0n
  readonly #entries: Entry[] = []
  readonly #open = new Map<number, Transaction>()
  readonly #aborted: Array<AbortedTransaction & { readonly last: bigint }> = []

  apply ({ producer, kind, records, hasZeroKeys, codec }: Move): void {
    const transaction = this.#open.get(producer)
    switch (kind) {
      case 'write': {
        const used = transaction ?? { producer, first: this.end, outcome: 'open' as const }
        this.#open.set(producer, used)
        this.#write(records, hasZeroKeys, codec, used)
        break
      }
      case 'plain': this.#write(records, hasZeroKeys, codec, undefined); break
      case 'hole': this.#append(encodePlainly({ baseOffset: this.end, lastOffsetDelta: records, records: [] }), BigInt(records), [], undefined); break
      default: {
        if (transaction === undefined) return
        transaction.outcome = kind
        this.#open.delete(producer)
        if (kind === 'abort') this.#aborted.push({ producerId: BigInt(producer), firstOffset: transaction.first, last: this.end })
        const key = Buffer.from([0, 0, 0, kind === 'abort' ? 0 : 1])
        const records = [{ delta: 0, key, value: Buffer.alloc(6) }]
        const marker = encodePlainly({ baseOffset: this.end, records, producerId: BigInt(producer), isControl: true })
        this.#append(marker, 0n, [], undefined)
      }
    }
  }

  /** Ends what is open. */
  settle (): void {
    for (const producer of [...this.#open.keys()]) this.apply({ producer, kind: producer % 2 === 0 ? 'abort' : 'commit', records: 0, hasZeroKeys: false, codec: 0 })
  }

  /** Where the oldest open transaction begins. */
  get lastStableOffset (): bigint {
    return [...this.#open.values()].reduce((least, { first }) => first < least ? first : least, this.end)
  }

  /** Offsets of the committed records from `offset` on that readers may have. */
  committed (offset = 0n): bigint[] {
    const stable = this.lastStableOffset
    return this.#entries.filter(({ last, transaction }) => last < stable && transaction?.outcome !== 'abort')
      .flatMap(({ offsets }) => offsets).filter(one => one >= offset)
  }

  /** A read-committed fetch: whole batches from the one that holds `offset`, at least one, and no more than `maxBytes` behind it. */
  fetch (offset: bigint, maxBytes: number): Answer {
    const { lastStableOffset } = this
    const taken: Entry[] = []
    let sizeBytes = 0
    for (const entry of this.#entries) {
      if (entry.last < offset || entry.last >= lastStableOffset) continue
      if (taken.length > 0 && sizeBytes + entry.bytes.length > maxBytes) break
      taken.push(entry)
      sizeBytes += entry.bytes.length
    }
    const upTo = taken.at(-1)?.last ?? offset
    // From the last to the first, as nothing says that they are in order.
    const aborted = this.#aborted.filter(({ last, firstOffset }) => last >= offset && firstOffset <= upTo).reverse()
    const records = Buffer.concat(taken.map(({ bytes }) => bytes))
    return { records, aborted: aborted.map(({ producerId, firstOffset }) => ({ producerId, firstOffset })), lastStableOffset }
  }

  /** Bytes of the largest batch. */
  get largestBatch (): number {
    return Math.max(0, ...this.#entries.map(({ bytes }) => bytes.length))
  }

  #write (count: number, hasZeroKeys: boolean, codec: number, transaction: Transaction | undefined): void {
    const records: PlainRecord[] = Array.from({ length: count }, (_, delta) => (
      { delta, key: hasZeroKeys ? Buffer.alloc(4) : null, value: Buffer.from(String(this.end + BigInt(delta))) }))
    const producerId = transaction === undefined ? -1n : BigInt(transaction.producer)
    const offsets = records.map(({ delta }) => this.end + BigInt(delta))
    this.#append(encodePlainly({ baseOffset: this.end, records, producerId, codec }), BigInt(count - 1), offsets, transaction)
  }

  #append (bytes: Buffer, span: bigint, offsets: readonly bigint[], transaction: Transaction | undefined): void {
    this.#entries.push({ last: this.end + span, bytes, offsets, transaction })
    this.end += span + 1n
  }
}
