import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type GatewayEntry } from './ledger.ts'

/** A journal and what it held when it was opened. */
export interface OpenedJournal { readonly journal: GatewayJournal, readonly entries: readonly GatewayEntry[] }

/**
 * Append-only journal, one JSON line per entry. A line is durable when `append` resolves: all lines that wait are written and
 * synced together, so that the cost of a sync is shared by as many requests as come while the last one runs.
 */
export class GatewayJournal {
  readonly #file: FileHandle
  readonly #onFailure: (error: Error) => void
  #lines: string[] = []
  #waiting: Array<{ readonly resolve: () => void, readonly reject: (error: Error) => void }> = []
  #flushing: Promise<void> | undefined
  #failure: Error | undefined

  private constructor (file: FileHandle, onFailure: (error: Error) => void) {
    this.#file = file
    this.#onFailure = onFailure
  }

  /**
   * Opens the journal and reads back what it holds. A last line without its end was never acknowledged: it is cut off.
   * `onFailure` is called once when a write fails: nothing can be promised after that.
   *
   * @throws {Error} when a line in the middle is not an entry: the file was damaged, and nothing is guessed.
   */
  static async open (path: string, onFailure: (error: Error) => void): Promise<OpenedJournal> {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(path, 'a+')
    const bytes = await file.readFile()
    const end = bytes.lastIndexOf(0x0a) + 1
    if (end < bytes.length) await file.truncate(end)
    const lines = bytes.subarray(0, end).toString().split('\n').slice(0, -1)
    return { journal: new GatewayJournal(file, onFailure), entries: lines.map((line, at) => parseEntry(line, `${path}:${at + 1}`)) }
  }

  /** Resolves when the entry is on disk. */
  append (entry: GatewayEntry): Promise<void> {
    this.#lines.push(`${formatEntry(entry)}\n`)
    return this.settled()
  }

  /** Resolves when everything appended so far is on disk: at once when it is. */
  settled (): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#lines.length === 0 && this.#flushing === undefined) return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#flushing ??= this.#flush()
    })
  }

  async close (): Promise<void> {
    await this.#flushing
    await this.#file.close()
  }

  async #flush (): Promise<void> {
    await undefined
    while (this.#waiting.length > 0) {
      const lines = this.#lines
      const waiting = this.#waiting
      this.#lines = []
      this.#waiting = []
      try {
        if (lines.length > 0) {
          await this.#file.appendFile(lines.join(''))
          await this.#file.datasync()
        }
        for (const { resolve } of waiting) resolve()
      } catch (error) {
        this.#fail(error as Error, waiting)
        return
      }
    }
    this.#flushing = undefined
  }

  #fail (error: Error, waiting: ReadonlyArray<{ readonly reject: (error: Error) => void }>): void {
    this.#failure = error
    for (const { reject } of [...waiting, ...this.#waiting]) reject(error)
    this.#onFailure(error)
  }
}

/** An entry as one line of JSON; amounts as text, they may be larger than a JSON number holds. */
export function formatEntry (entry: GatewayEntry): string {
  return JSON.stringify('amount' in entry ? { ...entry, amount: entry.amount.toString() } : entry)
}

function parseEntry (line: string, place: string): GatewayEntry {
  try {
    const entry = JSON.parse(line) as GatewayEntry & { readonly amount?: string }
    return 'amount' in entry ? { ...entry, amount: BigInt(entry.amount) } as GatewayEntry : entry
  } catch (error) {
    throw new Error(`${place} is not an entry of the gateway's journal`, { cause: error })
  }
}
