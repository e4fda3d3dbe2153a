import { isUtf8 } from 'node:buffer'
import { StreamsError } from '../errors.ts'
import { type Serde } from './serde.ts'

/** Text as UTF-8; bytes that are not UTF-8 are unreadable, never repaired. */
export const textSerde: Serde<string> = Object.freeze({
  encode: (value: string) => Buffer.from(value),
  decode: (bytes: Buffer) => {
    if (!isUtf8(bytes)) throw new StreamsError('STR_RECORD_UNREADABLE', { reason: 'not UTF-8' })
    return bytes.toString()
  }
})
