import { type Argument } from './apply-chunks.ts'

/** What an argument adds beside its bytes: `$`, its length, two line ends. */
const ARGUMENT_BYTES = 16
/** Most UTF-8 bytes of one UTF-16 unit. */
const BYTES_PER_UNIT = 3

/**
 * One command as the bytes of the protocol. Text between two buffers is written in one go, so a row of a hash costs one write and
 * one copy.
 *
 * @source Redis serialization protocol: arrays of bulk strings
 */
export function encodeCommand (name: string, args: readonly Argument[]): Buffer {
  let room = 2 * ARGUMENT_BYTES + name.length * BYTES_PER_UNIT
  for (const arg of args) room += ARGUMENT_BYTES + (typeof arg === 'string' ? arg.length * BYTES_PER_UNIT : arg.length)
  const bytes = Buffer.allocUnsafe(room)
  let at = 0
  let text = `*${args.length + 1}\r\n$${Buffer.byteLength(name)}\r\n${name}\r\n`
  for (const arg of args) {
    if (typeof arg === 'string') {
      text += `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`
      continue
    }
    at += bytes.write(`${text}$${arg.length}\r\n`, at)
    bytes.set(arg, at)
    at += arg.length
    text = '\r\n'
  }
  at += bytes.write(text, at)
  return bytes.subarray(0, at)
}
