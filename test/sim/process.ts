import { createStreams, type Logger, type Streams } from '../../streams/index.ts'
import { type MemoryBackend, type MemoryBroker, type MemoryClient } from '../../streams/testing/index.ts'
import { type MemoryConnection } from '../../streams/state/memory/index.ts'
import { type SimClock, SimProcessClock } from './clock.ts'
import { type Settings } from './scenario.ts'
import { type SinkTarget } from '../../streams/sink/port.ts'
import { topologyWith } from './workload.ts'

/** Time that tombstones live by the runtime's options, ms; the topics keep them longer by what clocks may differ. */
export const TOMBSTONE_MS = 40_000

export interface ProcessOptions {
  readonly slot: number
  /** Which life of the slot it is. */
  readonly life: number
  readonly settings: Settings
  readonly broker: MemoryBroker
  readonly backend: MemoryBackend
  readonly clock: SimClock
  readonly targetOf: (process: string) => SinkTarget
  readonly logger: Logger
}

/** One process of the application: its own client, connection, clock and door to the target. It can be killed and stand still. */
export class SimProcess {
  readonly id: string
  readonly slot: number
  readonly streams: Streams
  readonly client: MemoryClient
  readonly #connection: MemoryConnection
  readonly #clock: SimProcessClock
  #state: 'running' | 'paused' | 'gone' = 'running'
  isClosing = false

  constructor (options: ProcessOptions) {
    const { slot, life, settings, broker, backend, clock, targetOf, logger } = options
    this.id = `p${slot}.${life}`
    this.slot = slot
    this.client = broker.client(this.id)
    this.#connection = backend.connect(this.id)
    this.#clock = new SimProcessClock(clock, settings.skewMs[slot] ?? 0)
    this.streams = createStreams({
      topology: topologyWith(targetOf(this.id), settings.sinkRows),
      kafka: this.client,
      state: this.#connection,
      clock: this.#clock,
      logger,
      instance: this.id,
      ...settings.isStatic ? { instanceId: `p${slot}` } : {},
      options: {
        cacheBytes: settings.cacheBytes,
        maxCycleRecords: settings.maxCycleRecords,
        maxUnappliedBytes: settings.maxUnappliedBytes,
        stateCheckMs: 1000,
        passCommitMs: 200,
        offsetCommitMs: 1500,
        backoffMs: 50,
        maxBackoffMs: 1000,
        sessionTimeoutMs: 4000,
        heartbeatMs: 500,
        transactionTimeoutMs: 6000,
        changelogDeleteRetentionMs: TOMBSTONE_MS
      }
    })
    this.streams.start().catch(() => {})
  }

  get isGone (): boolean { return this.#state === 'gone' }
  get isPaused (): boolean { return this.#state === 'paused' }

  /** Like kill -9. */
  kill (): void {
    this.#state = 'gone'
    this.client.crash()
    this.#connection.crash()
    this.#clock.stop()
  }

  /** Like SIGSTOP. */
  pause (): void {
    if (this.#state !== 'running') return
    this.#state = 'paused'
    this.#clock.pause()
  }

  resume (): void {
    if (this.#state !== 'paused') return
    this.#state = 'running'
    this.#clock.resume()
  }
}
