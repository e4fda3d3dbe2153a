import { StreamsError } from '../errors.ts'
import { type Serde } from './serde.ts'

/** JSON as UTF-8. For tests, benchmarks and small state of the runtime; bigint and Buffer do not survive it. */
export function jsonSerde<T> (): Serde<T> {
  return Object.freeze({
    encode: (value: T) => Buffer.from(JSON.stringify(value)),
    decode: (bytes: Buffer) => {
      try {
        return JSON.parse(bytes.toString()) as T
      } catch (error) {
        throw new StreamsError('STR_RECORD_UNREADABLE', { reason: 'not JSON' }, error)
      }
    }
  })
}
