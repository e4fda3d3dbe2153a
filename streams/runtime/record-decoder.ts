import { type Logger } from '../diagnostics.ts'
import { StreamsError } from '../errors.ts'
import { type InputDef, type ProcessorDef } from '../processor.ts'
import { type FetchedRecord } from '../record.ts'
import { type Clock } from '../time/clock.ts'
import { PREPARE_AGAIN_MS, prepareRecords, readRecord, type RecordItem, rejected } from './item.ts'

export interface RecordDecoderOptions {
  readonly def: ProcessorDef
  readonly partition: number
  readonly clock: Clock
  readonly logger: Logger
  /** Ends the wait for the registry. */
  readonly signal: AbortSignal
  /** Waits for something that may take long, while other tasks have their turn. */
  readonly lend: (wait: () => Promise<void>) => Promise<void>
}

/** Makes items of records: checks and decodes; waits while the registry does not answer. */
export class RecordDecoder {
  readonly #options: RecordDecoderOptions
  readonly #inputs: ReadonlyMap<string, InputDef>

  constructor (options: RecordDecoderOptions) {
    this.#options = options
    this.#inputs = new Map(options.def.inputs.map(input => [input.topic.name, input]))
  }

  async read (records: readonly FetchedRecord[]): Promise<RecordItem[]> {
    const { clock, logger, lend, signal } = this.#options
    while (!await prepareRecords(records, this.#inputs)) {
      logger.warn({}, 'the schema registry does not answer: waiting')
      await lend(async () => { await clock.sleep(PREPARE_AGAIN_MS, signal) })
    }
    return records.map(record => this.#readOne(record))
  }

  #readOne (record: FetchedRecord): RecordItem {
    const { def, partition } = this.#options
    const input = this.#inputs.get(record.topic)
    if (input !== undefined) return readRecord(record, input, def, partition)
    return rejected(record, '', new StreamsError('STR_RECORD_UNREADABLE', { topic: record.topic, reason: 'the processor no longer reads this topic' }))
  }
}
