import { type CsvError, type Parser, parse } from 'csv-parse'

/** A row of a CSV text. `line`: where it begins, counted from 1. */
export interface CsvRecord { readonly kind: 'record', readonly line: number, readonly fields: readonly string[] }

/** A line that is no row. `column`: the field in which it breaks, counted from 0. */
export interface CsvBreak { readonly kind: 'break', readonly line: number, readonly column: number, readonly problem: string }

/** Longest row, characters: a quote that is never closed is found out after so many, and memory stays bounded. */
const maxRowChars = 65_536
const lineFeed = 0x0a
const carriageReturn = 0x0d

const problems: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE: 'something follows the closing quote; a quote inside a quoted field is written twice',
  INVALID_OPENING_QUOTE: 'a quote stands inside a field that is not quoted as a whole',
  CSV_QUOTE_NOT_CLOSED: 'its quote is never closed',
  CSV_MAX_RECORD_SIZE: `the row has more than ${maxRowChars} characters, so a quote is not closed or it is no CSV`
}

/**
 * Splits CSV text (RFC 4180, rows may end with a line feed alone) into rows, chunk by chunk. After a row whose quotes are broken it
 * goes on with the next line, so that one bad line never takes others with it. Needs memory for one chunk and one row.
 */
export class CsvSplitter {
  #parser: OpenParser = openParser()
  /** Text from the end of the last row on: where it is looked up what a row looks like and where it begins. */
  #pending: Buffer = Buffer.alloc(0)
  /** Place of the start of `#pending` in what the parser was given. */
  #base = 0
  /** Line of the start of `#pending`. */
  #line = 1
  /** The rest of the present line belongs to a broken row. */
  #skipping = false

  /** Takes the next bytes; returns the rows that they complete. */
  async push (chunk: Buffer): Promise<ReadonlyArray<CsvRecord | CsvBreak>> {
    return await this.#work(chunk, false)
  }

  /** Returns the last row, when the text does not end with a line end. */
  async end (): Promise<ReadonlyArray<CsvRecord | CsvBreak>> {
    return await this.#work(Buffer.alloc(0), true)
  }

  async #work (chunk: Buffer, isEnd: boolean): Promise<Array<CsvRecord | CsvBreak>> {
    const results: Array<CsvRecord | CsvBreak> = []
    let rest = this.#skipping ? this.#skipLine(chunk) : chunk
    for (;;) {
      if (this.#skipping) return results
      this.#pending = this.#pending.length === 0 ? rest : Buffer.concat([this.#pending, rest])
      const { rows, failure } = await this.#parser.write(rest, isEnd)
      for (const { fields, end } of rows) results.push({ kind: 'record', line: this.#takeRow(end), fields })
      if (failure === undefined) return results
      this.#passBlankLines()
      const column = Number(failure['column'])
      results.push({ kind: 'break', line: this.#line, column: Number.isInteger(column) ? column : 0, problem: problems[failure.code] ?? failure.message })
      const text = this.#pending
      this.#pending = Buffer.alloc(0)
      this.#base = 0
      this.#parser = openParser()
      rest = this.#skipLine(text)
    }
  }

  /** Moves past the row that ends at that place of the parser's input; returns the line in which it begins. */
  #takeRow (end: number): number {
    this.#passBlankLines()
    const line = this.#line
    this.#pass(end - this.#base)
    return line
  }

  #passBlankLines (): void {
    let blank = 0
    while (this.#pending[blank] === lineFeed || this.#pending[blank] === carriageReturn) blank++
    this.#pass(blank)
  }

  #pass (bytes: number): void {
    if (bytes === 0) return
    for (let at = this.#pending.indexOf(lineFeed); at >= 0 && at < bytes; at = this.#pending.indexOf(lineFeed, at + 1)) this.#line++
    this.#pending = this.#pending.subarray(bytes)
    this.#base += bytes
  }

  /** What follows the present line in the text; when it has no end there, the next chunks belong to it too. */
  #skipLine (text: Buffer): Buffer {
    const end = text.indexOf(lineFeed)
    this.#skipping = end < 0
    if (end < 0) return Buffer.alloc(0)
    this.#line++
    return text.subarray(end + 1)
  }
}

interface ParsedRow { readonly fields: readonly string[], readonly end: number }

interface OpenParser {
  /** Parses more of the text: the rows completed, and why it cannot go on, if so. */
  write (chunk: Buffer, isEnd: boolean): Promise<{ readonly rows: readonly ParsedRow[], readonly failure: CsvError | undefined }>
}

function openParser (): OpenParser {
  let rows: ParsedRow[] = []
  let failure: CsvError | undefined
  const parser: Parser = parse({
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxRowChars,
    // Returning nothing keeps rows out of the stream: they are handed over a chunk at a time.
    on_record: (fields: string[], { bytes }: { readonly bytes: number }) => {
      rows.push({ fields, end: bytes })
      return undefined
    }
  })
  parser.on('error', (error: CsvError) => { failure = error })
  parser.resume()
  return {
    async write (chunk, isEnd) {
      rows = []
      if (chunk.length > 0) await settled(done => parser.write(chunk, done))
      if (isEnd && failure === undefined) await settled(done => parser.once('close', done).end())
      return { rows, failure }
    }
  }
}

/** Waits for a callback; what it failed with comes as an event too. */
async function settled (begin: (done: () => void) => void): Promise<void> {
  await new Promise<void>(resolve => { begin(() => { resolve() }) })
}
