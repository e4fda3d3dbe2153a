import { Wakeup } from '../../streams/runtime/wakeup.ts'
import { type Clock } from '../../streams/time/clock.ts'
import { type EventEntry, type EventFeed, type EventFollower, type EventHistory, type EventPage } from '../ports.ts'
import { type EndReason, endFrame, heartbeatFrame, openingFrame } from './frames.ts'

/** How a stream tells its events. */
export interface Telling {
  /** The event as a frame; undefined = nothing is told of it. Rejects when it cannot be told yet: then it is asked for again, and nothing is passed over. */
  frame (entry: EventEntry): Promise<string | undefined>
  /** True for an event that nothing can follow. */
  isLast (entry: EventEntry): boolean
  /** True when the events of a key are numbered from 1: then one that a source has lost is noticed. Each of them can be told at once. */
  readonly isNumbered: boolean
}

export interface EventStreamOptions {
  /** Key of the events, e.g. an order. */
  readonly key: string
  readonly telling: Telling
  /** First offset that the client does not have. */
  readonly from: bigint
  readonly feed: EventFeed
  readonly history: EventHistory
  readonly clock: Clock
  /** Pause without events after which the stream says that it is alive, ms. */
  readonly heartbeatMs: number
  /** When the token expires, epoch ms. */
  readonly expiresAtMs: number
  /** Aborts when the client has gone. */
  readonly gone: AbortSignal
  /** Told when the history cannot be read; it is asked again. */
  readonly onFailure: (error: unknown) => void
}

/** Events of one page of the history: a reader that does not keep up has no more than that in memory. */
const pageEvents = 100
/** Pause before the history is asked again for what it does not have yet, ms. */
const historyPauseMs = 500
/** @source setTimeout takes no longer delay. */
const longestTimerMs = 2 ** 31 - 1

/**
 * The events of one key as server-sent events, from an offset on, each once and in order.
 *
 * There is one place, the next offset, and two sources that cover a range of offsets each: the newest part of the log, which all streams share, and
 * the history. Whatever the first does not reach back to comes from the second, be it at the beginning, after a slow reader was left behind, or while
 * the log cannot be read; so there is no handover that could lose or repeat anything. Nothing is kept for a client that does not read.
 */
export class EventStream {
  readonly #options: EventStreamOptions
  readonly #news = new Wakeup()
  readonly #follower: EventFollower
  #end: EndReason | undefined
  #next: bigint
  /** Number of the newest event that was told; undefined = not known. */
  #version: number | undefined
  /** The history is not asked before, epoch ms. */
  #historyAfterMs = 0
  /** When the client was told something last, epoch ms; and whether it has not taken it yet. */
  #toldMs: number
  #isTaken = true

  constructor (options: EventStreamOptions) {
    this.#options = options
    this.#next = options.from
    this.#version = options.telling.isNumbered && options.from === 0n ? 0 : undefined
    this.#toldMs = options.clock.now()
    this.#follower = options.feed.follow(options.key, () => { this.#news.wake() })
  }

  /** How long the client has not taken what is there for it, ms; 0 = it has. */
  get stalledMs (): number {
    return this.#isTaken ? 0 : this.#options.clock.now() - this.#toldMs
  }

  /** Ends the stream after the event that is on its way. */
  end (reason: EndReason): void {
    this.#end ??= reason
    this.#news.wake()
  }

  /** Frees everything at once, also when nothing of the stream was ever read. */
  close (): void {
    this.#follower.close()
    this.#news.wake()
  }

  /** The frames, until the end. To be run through once; ends, and frees everything, when the client has gone. */
  async * frames (): AsyncGenerator<string, void, undefined> {
    for await (const frame of this.#tell()) {
      this.#toldMs = this.#options.clock.now()
      this.#isTaken = false
      yield frame
      this.#isTaken = true
    }
  }

  async * #tell (): AsyncGenerator<string, void, undefined> {
    const { clock, expiresAtMs, gone, telling } = this.#options
    const cancelExpiry = clock.schedule(Math.min(expiresAtMs - clock.now(), longestTimerMs), () => { this.end('token-expired') })
    gone.addEventListener('abort', this.#news.wake)
    try {
      yield openingFrame
      for (;;) {
        const before = this.#next
        const { events, next } = await this.#page()
        for (const event of events) {
          if (gone.aborted || this.#end !== undefined) break
          const told = await this.#frameOf(event)
          if (told === 'not yet') break
          if (told !== undefined) yield told
          this.#next = event.offset + 1n
          if (telling.isLast(event)) return yield endFrame('outcome', event)
        }
        if (gone.aborted) return
        if (this.#end !== undefined) return yield endFrame(this.#end)
        const isWhole = (events.at(-1)?.offset ?? -1n) < this.#next
        const isMoved = this.#next > before || (isWhole && next > this.#next)
        if (isWhole && next > this.#next) this.#next = next
        if (!isMoved && await this.#pause()) yield heartbeatFrame
      }
    } finally {
      cancelExpiry()
      gone.removeEventListener('abort', this.#news.wake)
      this.#follower.close()
    }
  }

  /** The event as it is told, or that it cannot be told yet. */
  async #frameOf (event: EventEntry): Promise<string | undefined> {
    try {
      return await this.#options.telling.frame(event)
    } catch (error) {
      this.#putOff(error)
      return 'not yet'
    }
  }

  /** What comes next, from whichever source has it; nothing when neither has, or when one of them fails. */
  async #page (): Promise<EventPage> {
    const nothing = { events: [], next: this.#next }
    const { clock } = this.#options
    try {
      const recent = await this.#follower.read(this.#next)
      if (recent !== undefined) return this.#whole(recent)
      if (clock.now() < this.#historyAfterMs) return nothing
      this.#historyAfterMs = clock.now() + historyPauseMs
      return this.#whole(await this.#fromHistory())
    } catch (error) {
      this.#putOff(error)
      return nothing
    }
  }

  #putOff (error: unknown): void {
    this.#historyAfterMs = this.#options.clock.now() + historyPauseMs
    this.#options.onFailure(error)
  }

  async #fromHistory (): Promise<EventPage> {
    const { history, key } = this.#options
    const reached = await history.reached(key)
    const events = await history.list(key, this.#next - 1n, pageEvents)
    const last = events.at(-1)?.offset ?? -1n
    // A page that is full says nothing of what comes after it.
    return { events, next: (events.length === pageEvents || last > reached ? last : reached) + 1n }
  }

  /**
   * Where events are numbered, a number that is left out is an event that a source has lost.
   *
   * @throws {Error} then: nothing is told before it is found again.
   */
  #whole (page: EventPage): EventPage {
    if (!this.#options.telling.isNumbered) return page
    let version = this.#version
    for (const { payload, type } of page.events) {
      const { aggregateVersion } = payload['meta'] as { readonly aggregateVersion: number }
      if (version !== undefined && aggregateVersion !== version + 1) throw new Error(`${type} is event ${aggregateVersion}, and ${version + 1} is not there`)
      version = aggregateVersion
    }
    this.#version = version
    return page
  }

  /** Waits for news. Resolves with true when the client has heard nothing for so long that it has to be told that this is well. */
  async #pause (): Promise<boolean> {
    const { clock, heartbeatMs } = this.#options
    const nowMs = clock.now()
    const dueMs = this.#toldMs + heartbeatMs
    const untilMs = this.#historyAfterMs > nowMs ? Math.min(dueMs, this.#historyAfterMs) : dueMs
    const cancel = clock.schedule(untilMs - nowMs, this.#news.wake)
    await this.#news.wait()
    cancel()
    return clock.now() >= dueMs
  }
}
