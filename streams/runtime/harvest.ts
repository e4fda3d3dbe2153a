import { ensureError, isStreamsError, StreamsError } from '../errors.ts'
import { type EffectRunner } from '../effects/runner.ts'
import { decodeCommand } from '../parking/command.ts'
import { type FetchedRecord } from '../record.ts'
import { TIMER_STORE } from '../state/changelog.ts'
import { type Drain } from './drain.ts'
import { type Intake } from './intake.ts'
import { type EffectItem, type Item, rejected } from './item.ts'
import { type RecordDecoder } from './record-decoder.ts'
import { type RowReader } from './row-reader.ts'
import { type Rows, type StoreRows } from './rows.ts'
import { type TimerWatch } from './timer-watch.ts'

export interface HarvestOptions {
  readonly processor: string
  readonly intake: Intake
  readonly decoder: RecordDecoder
  readonly drain: Drain
  readonly timers: TimerWatch
  readonly effects: EffectRunner
  readonly reader: RowReader
  readonly rows: Rows
  readonly maxRecords: number
  readonly maxBytes: number
}

const NOTHING: readonly Item[] = Object.freeze([])

/** Gathers what one cycle works on. */
export class Harvest {
  readonly #options: HarvestOptions
  #outcomes: readonly EffectItem[] = []
  /** Items that found no room in the transaction before. */
  #left: readonly Item[] = NOTHING

  constructor (options: HarvestOptions) {
    this.#options = options
  }

  /** True when the last cycle left something over. */
  get hasLeft (): boolean { return this.#left.length > 0 }

  /**
   * What the last cycle left over, alone. Else everything there is to do now, in the order in which it is to be done: what waited for its
   * key, records, due timers, outcomes of effects. A command of an operator comes before all of it, in a cycle of its own: so it is done
   * even where the records behind it stop the task. `isClosing`: what is left over, and outcomes.
   */
  async take (isClosing: boolean, nowMs: number): Promise<readonly Item[]> {
    const { intake, decoder, drain, timers, effects, reader, rows, maxRecords, maxBytes } = this.#options
    if (this.hasLeft) return this.#left
    if (isClosing) return this.#takeOutcomes([])
    const command = intake.hasCommand ? await this.#command() : undefined
    if (command !== undefined) return [command]
    const waited = drain.nextDueMs > nowMs ? NOTHING : await drain.take(nowMs)
    const records = intake.take(maxRecords, maxBytes)
    const read: Item[] = records.length === 0 ? [] : await decoder.read(records)
    const items = waited.length === 0 ? read : [...waited, ...read]
    const due = await timers.take(nowMs, topic => intake.position(topic))
    for (const timer of due) items.push(timer)
    if (due.length > 0) await reader.load(rows.stores.get(TIMER_STORE) as StoreRows, due.map(timer => timer.key))
    return effects.hasFinished ? this.#takeOutcomes(items) : items
  }

  /** The cycle that was taken is committed, but for these items: they come first. */
  done (left: readonly Item[]): void {
    this.#left = left
    this.#outcomes = left.filter(item => item.kind === 'effect')
  }

  /** The cycle that was taken will not be committed. */
  giveBack (): void {
    this.#options.effects.giveBack(this.#outcomes)
    this.#outcomes = []
  }

  #takeOutcomes (items: Item[]): Item[] {
    this.#outcomes = this.#options.effects.takeFinished(this.#options.maxRecords)
    for (const item of this.#outcomes) items.push(item)
    return items
  }

  /** The next command for this processor: others are passed over. One that cannot be read is a dead letter. */
  async #command (): Promise<Item | undefined> {
    const { intake, drain, processor } = this.#options
    for (let record = intake.takeCommand(); record !== undefined; record = intake.takeCommand()) {
      const command = readCommand(record)
      if (command instanceof Error) return rejected(record, '', command)
      if (command.processor === processor) return { kind: 'command', record, command, trials: await drain.trials(command) }
    }
    return undefined
  }
}

function readCommand (record: FetchedRecord): ReturnType<typeof decodeCommand> | Error {
  try {
    return decodeCommand(record.value)
  } catch (error) {
    return isStreamsError(error) ? error : new StreamsError('STR_RECORD_UNREADABLE', { topic: record.topic }, ensureError(error))
  }
}
