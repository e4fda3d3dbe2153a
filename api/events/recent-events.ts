import { type FetchedRecord } from '../../streams/record.ts'

/** A record, kept: its bytes are a copy. */
export interface RecentEvent {
  readonly key: string
  readonly offset: bigint
  readonly value: Buffer
}

/** What a record costs beside its bytes. */
const overheadBytes = 200

/**
 * The newest records of one partition, by key, within a number of bytes. `from` is where it begins to be complete: every record at or after it, and
 * before `next`, is there.
 */
export class RecentEvents {
  readonly #maxBytes: number
  readonly #byKey = new Map<string, RecentEvent[]>()
  /** All of them, oldest first; what lies before `#first` is gone. */
  #events: RecentEvent[] = []
  #first = 0
  #sizeBytes = 0
  #from: bigint
  #next: bigint

  constructor (from: bigint, maxBytes: number) {
    this.#from = this.#next = from
    this.#maxBytes = maxBytes
  }

  get from (): bigint { return this.#from }
  get next (): bigint { return this.#next }
  get sizeBytes (): number { return this.#sizeBytes }

  /** Takes a record in, and lets the oldest go; the newest one is always kept. */
  add ({ key: bytes, value, offset }: FetchedRecord): RecentEvent {
    const key = bytes?.toString() ?? ''
    this.#next = offset + 1n
    const event = { key, offset, value: Buffer.from(value ?? []) }
    this.#events.push(event)
    this.#sizeBytes += event.value.length + overheadBytes
    const own = this.#byKey.get(key)
    if (own === undefined) this.#byKey.set(key, [event])
    else own.push(event)
    while (this.#sizeBytes > this.#maxBytes && this.#events.length - this.#first > 1) this.#dropOldest()
    return event
  }

  /** Everything before `next` was seen, markers included. */
  reach (next: bigint): void {
    if (next > this.#next) this.#next = next
  }

  /** The records of a key at or after an offset, oldest first; undefined = some of them may be gone. */
  of (key: string, from: bigint): readonly RecentEvent[] | undefined {
    if (from < this.#from) return undefined
    return this.#byKey.get(key)?.filter(({ offset }) => offset >= from) ?? []
  }

  #dropOldest (): void {
    const oldest = this.#events[this.#first++] as RecentEvent
    this.#from = oldest.offset + 1n
    this.#sizeBytes -= oldest.value.length + overheadBytes
    const own = this.#byKey.get(oldest.key)
    if (own?.length === 1) this.#byKey.delete(oldest.key)
    else own?.shift()
    if (this.#first > 1024 && this.#first * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#first)
      this.#first = 0
    }
  }
}
