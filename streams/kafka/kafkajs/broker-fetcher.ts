import { partitionKey } from '../../record.ts'
import { systemClock } from '../../time/system-clock.ts'
import { type FetchAnswer, type FetchPosition, fetchRequest } from '../wire/fetch.ts'
import { type Lane } from './lane.ts'
import { type BatchReader } from './partition-reader.ts'

/** How long the main request may wait for a record, ms. */
const LONG_POLL_MS = 500
/** How long the second request waits: it only bridges the time until the main one comes back. */
const SHORT_POLL_MS = 10
const ANSWER_BYTES = 8 * 1024 * 1024
/** Before a reader is looked up again after its broker refused or broke, ms. */
const MOVED_AFTER_MS = 20

type Slot = 'main' | 'express'

/**
 * Fetches for all readers of one broker: one combined long poll (`main`), and a short-polling second request on a connection of its own
 * (`express`) for readers that came, or got room, while the long poll was under way. When the long poll comes back empty it waits for
 * the second one, so that both become one request again: a quiet system has one request in flight, and no reader waits behind it.
 */
export class BrokerFetcher {
  readonly #nodeId: number
  readonly #lanes: Readonly<Record<Slot, Lane>>
  readonly #onMoved: (reader: BatchReader) => void
  readonly #readers = new Set<BatchReader>()
  readonly #busy = new Set<Slot>()
  #mainWasEmpty = false
  #isWaking = false
  #turn = 0
  #isClosed = false

  constructor (nodeId: number, [main, express]: readonly [main: Lane, express: Lane], onMoved: (reader: BatchReader) => void) {
    this.#nodeId = nodeId
    this.#lanes = { main, express }
    this.#onMoved = onMoved
  }

  add (reader: BatchReader): void {
    this.#readers.add(reader)
    this.wake()
  }

  remove (reader: BatchReader): void {
    this.#readers.delete(reader)
  }

  /** Some reader may want more: fetches in this turn of the event loop, for all of them together. */
  wake (): void {
    if (this.#isWaking) return
    this.#isWaking = true
    queueMicrotask(() => {
      this.#isWaking = false
      this.#fetch()
    })
  }

  close (): void {
    this.#isClosed = true
  }

  #fetch (): void {
    if (this.#isClosed) return
    const slot: Slot = this.#busy.has('main') ? 'express' : 'main'
    if (this.#busy.has(slot) || (slot === 'main' && this.#mainWasEmpty && this.#busy.has('express'))) return
    const asked = this.#choose()
    if (asked.size === 0) return
    this.#busy.add(slot)
    this.#request(slot, asked).then((hadData) => {
      if (slot === 'main') this.#mainWasEmpty = !hadData
    }, () => {}).finally(() => {
      this.#busy.delete(slot)
      this.#fetch()
    })
  }

  /** Readers to ask for, by partition. A request names a partition once, so only readers at the same offset share it; the rest waits for the next. */
  #choose (): Map<string, BatchReader[]> {
    const wanting = [...this.#readers].filter((reader) => reader.wantsMore)
    const first = wanting.length === 0 ? 0 : this.#turn++ % wanting.length // nobody is always last when an answer is full
    const asked = new Map<string, BatchReader[]>()
    for (let index = 0; index < wanting.length; index++) {
      const reader = wanting[(first + index) % wanting.length]
      if (reader === undefined) continue
      const same = asked.get(reader.id)
      if (same === undefined) asked.set(reader.id, [reader])
      else if (same[0]?.fetchOffset === reader.fetchOffset) same.push(reader)
      else {
        this.wake()
        continue
      }
      reader.isAsked = true
    }
    return asked
  }

  async #request (slot: Slot, asked: ReadonlyMap<string, readonly BatchReader[]>): Promise<boolean> {
    const positions: FetchPosition[] = []
    for (const same of asked.values()) {
      const [reader] = same
      if (reader === undefined) continue
      const { topic, partition, fetchOffset: offset } = reader
      positions.push({ topic, partition, offset, maxBytes: Math.min(...same.map(({ fetchBytes }) => fetchBytes)) })
    }
    let answers: readonly FetchAnswer[]
    try {
      const link = await this.#lanes[slot].link(this.#nodeId)
      answers = await link.call(fetchRequest(positions, slot === 'main' ? LONG_POLL_MS : SHORT_POLL_MS, ANSWER_BYTES))
    } catch {
      this.#giveBack([...asked.values()].flat())
      return false
    }
    for (const reader of [...asked.values()].flat()) reader.isAsked = false
    const answerBytes = answers.reduce((size, { records }) => size + records.length, 0)
    const unanswered = new Map(asked)
    const moved: BatchReader[] = []
    for (const answer of answers) {
      const id = partitionKey(answer.topic, answer.partition)
      unanswered.delete(id)
      for (const reader of asked.get(id) ?? []) {
        const verdict = reader.isClosed ? 'stop' : reader.accept(answer, answerBytes)
        if (verdict === 'stop') this.#readers.delete(reader)
        if (verdict === 'find-leader') moved.push(reader)
      }
    }
    moved.push(...[...unanswered.values()].flat())
    if (moved.length > 0) this.#giveBack(moved)
    return answerBytes > 0
  }

  #giveBack (readers: readonly BatchReader[]): void {
    for (const reader of readers) this.#readers.delete(reader)
    systemClock.schedule(MOVED_AFTER_MS, () => {
      for (const reader of readers) {
        reader.isAsked = false
        this.#onMoved(reader)
      }
    })
  }
}
