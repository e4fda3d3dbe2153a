import { type ClusterView } from '../../../../streams/kafka/kafkajs/cluster.ts'
import { Fetcher } from '../../../../streams/kafka/kafkajs/fetcher.ts'
import { type Lane } from '../../../../streams/kafka/kafkajs/lane.ts'
import { type FetchAnswer } from '../../../../streams/kafka/wire/fetch.ts'
import { WireReader } from '../../../../streams/kafka/wire/reader.ts'
import { type WireRequest } from '../../../../streams/kafka/wire/request.ts'
import { WireWriter } from '../../../../streams/kafka/wire/writer.ts'

export const PARTITIONS = 3

export interface Asked { readonly partition: number, readonly offset: bigint, readonly maxBytes: number }
export interface Pending { readonly asked: readonly Asked[], answer (answers: readonly FetchAnswer[], topError?: number): void, reject (error: Error): void }

/** Two brokers whose answers a test gives when and as it likes, below the sockets: requests and answers are the real bytes. */
export class Brokers {
  readonly pending: Pending[] = []
  readonly asked: Asked[] = []
  looks = 0
  readonly #doubted = new Set<string>()

  fetcher (): Fetcher {
    const cluster: Partial<ClusterView> = {
      createLane: () => ({ link: async () => await Promise.resolve({ call: this.#call.bind(this) }) }) as unknown as Lane,
      trustedLeader: (topic, partition) => this.#doubted.has(topic) ? undefined : partition % 2,
      doubt: topic => { this.#doubted.add(topic) },
      refresh: async topics => {
        this.looks++
        this.#doubted.clear()
        return await Promise.resolve(new Map((topics ?? []).map(topic => [topic, { leaders: [0, 1, 0] }]))) as never
      }
    }
    return new Fetcher(cluster as ClusterView)
  }

  #call (request: WireRequest<FetchAnswer[]>): Promise<FetchAnswer[]> {
    const out = new WireWriter(256)
    request.write(out)
    const input = new WireReader(out.finish())
    input.int32()
    input.int32()
    input.int32()
    input.int32()
    input.int8()
    input.int64()
    const asked = input.array(() => {
      input.string()
      return input.array(() => {
        const partition = input.int32()
        input.int32()
        const offset = input.int64()
        input.int64()
        return { partition, offset, maxBytes: input.int32() }
      })
    }).flat()
    this.asked.push(...asked)
    return new Promise((resolve, reject) => {
      this.pending.push({
        asked,
        reject,
        answer: (answers, topError = 0) => {
          const body = new WireWriter(256).int32(0).int16(topError).int32(0)
          body.array(answers.length === 0 ? [] : [answers], (_, list) => {
            body.string('t').array(list, (__, { partition, errorCode, lastStableOffset, aborted, records }) => {
              body.int32(partition).int16(errorCode).int64(lastStableOffset).int64(lastStableOffset).int64(0n)
              body.array(aborted, (___, { producerId, firstOffset }) => { body.int64(producerId).int64(firstOffset) })
              body.int32(-1).nullableBytes(records)
            })
          })
          resolve(request.read(new WireReader(body.finish())))
        }
      })
    })
  }
}

export const nothing = { errorCode: 0, aborted: [], records: Buffer.alloc(0) }
