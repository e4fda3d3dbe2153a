import { StreamsError } from '../errors.ts'
import { type KeyValueStore } from '../processor.ts'
import { type Serde } from '../serde/serde.ts'

/**
 * Whole numbers of at most 53 bits, as decimal text: `defineStore('hits', counterSerde)`. A store of counters needs nothing else: a
 * key has one writer, which handles one input after the other, so `increment` is atomic by itself.
 */
export const counterSerde: Serde<number> = Object.freeze({
  encode: (count: number) => {
    if (!Number.isSafeInteger(count)) throw new StreamsError('STR_VALUE_INVALID', { reason: 'a counter is a whole number of at most 53 bits' })
    return Buffer.from(String(count))
  },
  decode: (bytes: Buffer) => {
    const count = Number(bytes.toString('latin1'))
    if (bytes.length === 0 || !Number.isSafeInteger(count)) throw new StreamsError('STR_RECORD_UNREADABLE', { reason: 'not a counter' })
    return count
  }
})

/**
 * Adds to a counter, which begins at 0, and answers what it is then.
 *
 * @throws {StreamsError} STR_VALUE_INVALID, with the counter unchanged, when it would leave what is exact.
 */
export function increment (store: KeyValueStore<number>, key: string, by = 1): number {
  const count = (store.get(key) ?? 0) + by
  store.put(key, count)
  return count
}
