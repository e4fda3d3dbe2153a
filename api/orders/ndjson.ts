import { whyUnfit } from '../json-bodies.ts'

/** One line of a text, without its line end. `bytes` is undefined when it is longer than allowed: what it says was passed over. */
export interface InputLine {
  /** From 1. */
  readonly number: number
  readonly bytes: Buffer | undefined
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

/**
 * Cuts a stream into lines, as they come: no more than one line is kept, and of one that is too long nothing. A line ends with LF or
 * CRLF; what follows the last of them is a line unless it is empty. Rejects when the stream does, and then what it broke off in is no line.
 */
export async function * splitLines (source: AsyncIterable<Buffer>, maxLineBytes: number): AsyncGenerator<InputLine, void, undefined> {
  let number = 0
  let pieces: Buffer[] = []
  let sizeBytes = 0

  function add (piece: Buffer): void {
    sizeBytes += piece.length
    if (sizeBytes > maxLineBytes + 1) pieces = [] // one byte more may be the CR
    else if (piece.length > 0) pieces.push(piece)
  }

  function cut (): InputLine {
    const [first] = pieces
    const whole = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces)
    const end = whole.at(-1) === carriageReturn ? whole.length - 1 : whole.length
    const isTooLong = sizeBytes > maxLineBytes + 1 || end > maxLineBytes
    pieces = []
    sizeBytes = 0
    return { number: ++number, bytes: isTooLong ? undefined : whole.subarray(0, end) }
  }

  for await (const chunk of source) {
    let from = 0
    for (let end = chunk.indexOf(lineFeed, from); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      add(chunk.subarray(from, end))
      yield cut()
      from = end + 1
    }
    add(chunk.subarray(from))
  }
  if (sizeBytes > 0) yield cut()
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The value of a line of JSON, or what is wrong with the line, in words for people. */
export function parseLine (bytes: Buffer): { readonly value: unknown } | { readonly fault: string } {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    return { fault: 'the line is not UTF-8' }
  }
  if (text.startsWith('\uFEFF')) return { fault: 'the line begins with a byte order mark' }
  if (text.trim() === '') return { fault: 'the line is empty' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { fault: 'the line is not one JSON value' }
  }
  const fault = whyUnfit(value)
  return fault === undefined ? { value } : { fault }
}
