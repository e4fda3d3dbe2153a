import { type Serde } from './serde.ts'

/** Bytes as they are. `decode` copies: fetched bytes are views into a batch that does not outlive its cycle. */
export const bytesSerde: Serde<Buffer> = Object.freeze({
  encode: (value: Buffer) => value,
  decode: (bytes: Buffer) => Buffer.from(bytes)
})
