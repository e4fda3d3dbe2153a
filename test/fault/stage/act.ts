import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type OutgoingRecord, isStreamsError } from '#streams'
import { type Random, createRandom } from '../../../ops/play/random.ts'
import { type Summary } from '../../../ops/start/summary.ts'
import { type Child } from '../child.ts'
import { differences, figuresOfSummary } from '../compare.ts'
import { type Done } from '../evidence/collect.ts'
import { type Fault, type Place } from '../evidence/evidence.ts'
import { type Played, expectedFigures } from '../expect.ts'
import { type Progress, followRun } from '../progress.ts'
import { ApiLoad } from './api-load.ts'
import { type Stage } from './stage.ts'

export interface ActOptions {
  readonly stage: Stage
  /** SKUs with stock enough for every order through the API. */
  readonly skus: readonly string[]
  readonly seed: string
  readonly orders: number
  /** Bad records that were written to this platform so far: the rows that share it share the list. @default none */
  readonly bad?: Place[]
  /** False: somebody else judges how the played orders ended. @default true */
  readonly judgesEnds?: boolean
  /** Pause between two orders through the API, ms. */
  readonly pauseMs?: number
}

/** A player that failed on the way is started again as often: it goes on where the log is. Each broker that goes away ends one. */
const plays = 40

/**
 * A platform under load, and what is done to it: orders are played in by topic and placed through the API while a row of the table does its
 * worst. It writes down everything that the detectors cannot see afterwards.
 */
export class Act {
  readonly stage: Stage
  readonly random: Random
  readonly api: ApiLoad
  readonly notes: string[] = []
  /** What the row itself saw and should not have. */
  readonly broken: string[] = []
  readonly #options: ActOptions
  readonly #bad: Place[]
  readonly #faults: Fault[] = []
  #progress: Progress | undefined
  #playing: Promise<string[]> = Promise.resolve([])

  constructor (options: ActOptions) {
    this.#options = options
    this.stage = options.stage
    this.#bad = options.bad ?? []
    this.random = createRandom(`${options.seed}/act`)
    this.api = new ApiLoad(options.stage, options.skus, createRandom(`${options.seed}/api`), options.pauseMs)
  }

  get skus (): readonly string[] { return this.#options.skus }
  get orders (): number { return this.#options.orders }
  get settled (): number { return this.#progress?.settled ?? 0 }
  get done (): Done { return { bad: this.#bad, operations: this.api.operations, probes: this.api.probes, faults: this.#faults } }

  async begin (): Promise<void> {
    this.#progress = await this.#follow()
    this.api.start()
    if (this.orders > 0) this.#playing = this.#play()
    this.#playing.catch(() => {})
  }

  /** Resolves when that share of the played orders is done. */
  async at (share: number): Promise<void> {
    await this.#progress?.reached(Math.floor(this.orders * share))
  }

  /** Ends the load. Resolves when everything played is done and verified. */
  async quiet (): Promise<void> {
    await this.api.end()
    await this.#playing
  }

  /** Resolves when an order event has come after now. */
  async moves (): Promise<void> { await this.#progress?.eventAfter(Date.now()) }

  note (line: string): void { this.notes.push(line) }

  /** A condition of the row itself. */
  expect (what: string, holds: boolean): void {
    if (!holds) this.broken.push(what)
  }

  /** Does something bad and makes it good again; `work` resolves when everything is there again. */
  async fault (kind: string, work: () => Promise<void>, { withinMs = 15_000, hidesFromApi = false } = {}): Promise<void> {
    const fromMs = Date.now()
    await work()
    this.#faults.push({ kind, fromMs, toMs: Date.now(), withinMs, hidesFromApi })
  }

  /** Writes records by hand. Resolves with their places. */
  async send (...records: readonly OutgoingRecord[]): Promise<Place[]> {
    const sent = await this.stage.outside.kafka.producer().send(records)
    return sent.map(({ topic, partition, offset }) => ({ topic, partition, offset: Number(offset) }))
  }

  /** Writes records that no processor can take. */
  async sendBad (...records: readonly OutgoingRecord[]): Promise<readonly Place[]> {
    const places = await this.send(...records)
    this.#bad.push(...places)
    return places
  }

  /** Counts on a dead letter of this record. */
  isBad (place: Place): void { this.#bad.push(place) }

  /** Waits for the end of the load. Returns where the played orders did not come to what they say themselves. */
  async end (): Promise<readonly string[]> {
    try {
      await this.api.end()
      return await this.#playing
    } finally {
      await this.#progress?.close()
    }
  }

  /** Looks on from outside; a broker that is away at the moment is waited for. */
  async #follow (): Promise<Progress> {
    for (let tries = 1; ; tries++) {
      try {
        return await followRun(this.stage.outside.kafka, this.#options)
      } catch (error) {
        if (!isStreamsError(error, 'STR_BROKER_UNAVAILABLE') || tries === plays) throw error
        await sleep(1000)
      }
    }
  }

  async #play (): Promise<string[]> {
    const { orders, seed, judgesEnds = true } = this.#options
    const summary = join(this.stage.folder, `summary-${seed.replaceAll(/\W/g, '-')}.json`)
    for (let play = 1; ; play++) {
      const args = ['--role', 'player', '--exit', '--orders', String(orders), '--seed', seed, '--in-flight', '10', '--summary', summary]
      const player: Child = this.stage.run('player', { args })
      const code = await player.ended
      if (existsSync(summary)) return judgePlay(code, JSON.parse(readFileSync(summary, 'utf8')) as Summary, judgesEnds ? { orders, seed } : undefined)
      if (play === plays) return [`the player ended with ${code} ${plays} times: ${player.errors.trim().split('\n')[0]}`]
      if (play > 5) await sleep(2000)
      this.note(`the player ended with ${code} and is started again: ${player.errors.trim().split('\n')[0]?.slice(0, 120)}`)
    }
  }
}

/** The outcome of played orders is decided by their seed alone. What the platform says of dead letters and the provider is judged by the detectors. */
function judgePlay (code: number | NodeJS.Signals, summary: Summary, played: Played | undefined): string[] {
  const figures = figuresOfSummary(summary)
  const expected = played === undefined ? figures : Object.fromEntries(Object.entries(expectedFigures(played)).filter(([name]) => name in figures))
  return [
    ...differences(expected, figures).map(difference => `played orders: ${difference}`),
    ...summary.invariants.violations.map(violation => `laws: ${violation}`),
    ...code === 0 ? [] : [`the player ended with ${code}`]
  ]
}
