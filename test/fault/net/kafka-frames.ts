/** A whole request or answer of the Kafka protocol, with its length in front. */
export interface KafkaFrame {
  readonly bytes: Buffer
  /** Number of the operation, e.g. 26 for EndTxn; of an answer: of the request that it answers. Undefined when that was not seen. */
  readonly api: number | undefined
}

/** Operations that failpoints are set at. */
export const apis = { produce: 0, fetch: 1, joinGroup: 11, initProducerId: 22, addPartitionsToTxn: 24, endTxn: 26 } as const

/** Cuts the bytes of one connection into frames, both ways: answers carry only the number that their request chose. */
export class KafkaFrames {
  readonly #apis = new Map<number, number>()
  readonly #rest: Record<'up' | 'down', Buffer> = { up: Buffer.alloc(0), down: Buffer.alloc(0) }

  /** The frames that became whole with this chunk; the rest waits for the next one. */
  push (direction: 'up' | 'down', chunk: Buffer): KafkaFrame[] {
    const frames: KafkaFrame[] = []
    let bytes: Buffer = this.#rest[direction].length === 0 ? chunk : Buffer.concat([this.#rest[direction], chunk])
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readInt32BE(0)) {
      const frame = bytes.subarray(0, 4 + bytes.readInt32BE(0))
      bytes = bytes.subarray(frame.length)
      frames.push({ bytes: frame, api: direction === 'up' ? this.#asked(frame) : this.#answered(frame) })
    }
    this.#rest[direction] = bytes
    return frames
  }

  #asked (frame: Buffer): number | undefined {
    if (frame.length < 12) return undefined
    const api = frame.readInt16BE(4)
    this.#apis.set(frame.readInt32BE(8), api)
    return api
  }

  #answered (frame: Buffer): number | undefined {
    if (frame.length < 8) return undefined
    const correlation = frame.readInt32BE(4)
    const api = this.#apis.get(correlation)
    this.#apis.delete(correlation)
    return api
  }
}
