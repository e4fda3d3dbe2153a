import { type FetchedRecord } from '../../streams/index.ts'
import { type MemoryTarget } from '../../streams/sink/memory-target.ts'
import { type FrozenRows, type PlannedRange, type RangeRows, type SinkBounds, type SinkTarget } from '../../streams/sink/port.ts'
import { type Call, type Network } from './network.ts'

/** The door of one process to the target that all of them share: every call of it goes over the network. */
export class SimTarget implements SinkTarget {
  readonly name = 'sim'
  readonly #target: MemoryTarget
  readonly #network: Network
  readonly #process: string

  constructor (target: MemoryTarget, network: Network, process: string) {
    this.#target = target
    this.#network = network
    this.#process = process
  }

  cut (records: readonly FetchedRecord[]): number { return this.#target.cut(records) }

  async freeze (records: readonly FetchedRecord[], from: { readonly planFrom: bigint }): Promise<FrozenRows> {
    return await this.#target.freeze(records, from)
  }

  async check (): Promise<void> {
    await this.#over('check', '', async () => { await this.#target.check() })
  }

  place (range: PlannedRange): string { return this.#target.place(range) }

  async insert (ranges: readonly RangeRows[]): Promise<void> {
    const about = ranges.map(({ range: { topic, partition, from, to } }) => `${topic}-${partition} ${from}-${to}`).join()
    await this.#over('insert', about, async () => { await this.#target.insert(ranges) })
  }

  async count (range: PlannedRange): Promise<{ readonly rows: number, readonly distinct: number }> {
    return await this.#over('count', `${range.topic}-${range.partition} ${range.from}-${range.to}`, async () => await this.#target.count(range))
  }

  async bounds (topic: string, partition: number, from: bigint, to: bigint): Promise<SinkBounds> {
    return await this.#over('bounds', `${topic}-${partition}`, async () => await this.#target.bounds(topic, partition, from, to))
  }

  async clear (topic: string, partition: number, from: bigint): Promise<void> {
    await this.#over('clear', `${topic}-${partition}`, async () => { await this.#target.clear(topic, partition, from) })
  }

  async #over<T> (api: string, about: string, act: () => Promise<T>): Promise<T> {
    const call: Call = { process: this.#process, port: 'target', api, about, act, lost: () => new Error('connection lost') }
    await this.#network.pass(call, 'request')
    const answer = await act()
    await this.#network.pass(call, 'answer')
    return answer
  }
}
