import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** Text of a file, unpacked when it begins as gzip does, without a byte order mark. */
export function readText (file: string): string {
  const bytes = readFileSync(file)
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString()
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

/**
 * Records of a CSV text: fields between commas, lines ended by LF or CRLF; a field in quotes may hold commas, line ends and doubled
 * quotes. Empty lines count for nothing.
 *
 * @throws {Error} when a quote is never closed, naming the record.
 */
export function * parseCsv (text: string): Generator<string[]> {
  let at = 0
  for (let record = 1; at < text.length; record++) {
    const fields: string[] = []
    for (let isOpen = true; isOpen;) {
      const [field, end] = text[at] === '"' ? quoted(text, at, record) : plain(text, at)
      fields.push(field)
      isOpen = text[end] === ','
      at = end + 1
    }
    if (fields.length > 1 || fields[0] !== '') yield fields
  }
}

/** The field that begins here, and the place of the comma or line feed behind it, or of the end. */
type Field = readonly [field: string, end: number]

function plain (text: string, from: number): Field {
  let end = from
  while (end < text.length && text[end] !== ',' && text[end] !== '\n') end++
  const isCrLf = text[end] !== ',' && text[end - 1] === '\r' && end > from
  return [text.slice(from, isCrLf ? end - 1 : end), end]
}

function quoted (text: string, from: number, record: number): Field {
  let field = ''
  for (let at = from + 1; ;) {
    const quote = text.indexOf('"', at)
    if (quote === -1) throw new Error(`record ${record}: a quote is never closed`)
    field += text.slice(at, quote)
    at = quote + 2
    if (text[quote + 1] === '"') field += '"'
    else return [field, text[quote + 1] === '\r' ? quote + 2 : quote + 1]
  }
}
