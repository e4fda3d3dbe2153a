import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { type Evidence } from '../evidence/evidence.ts'

/** What a history is of. */
export interface Header {
  readonly at: string
  readonly seed: string
  readonly minutes: number
  /** Played orders, each run with its own seed: what they must come to follows from it. */
  readonly plays: ReadonlyArray<{ readonly seed: string, readonly orders: number }>
  readonly versions: Readonly<Record<string, string>>
}

/** One line of a history: a thing of one kind. */
type Line = { readonly [Name in keyof Evidence]: { readonly kind: Name, readonly item: Evidence[Name][number] } }[keyof Evidence] | { readonly kind: 'header', readonly item: Header }

const names: ReadonlyArray<keyof Evidence> = [
  'records', 'partitions', 'tasks', 'letters', 'bad', 'payments', 'stocks', 'analytics', 'rollups', 'operations', 'probes', 'faults', 'audits'
]

/** A file of JSON lines that grows while things happen: operations and faults as they come, what was seen of the platform at the end. */
export class History {
  readonly #file: FileHandle

  private constructor (file: FileHandle) {
    this.#file = file
  }

  static async create (path: string): Promise<History> {
    return new History(await open(path, 'w'))
  }

  async add (...lines: readonly Line[]): Promise<void> {
    await this.#file.appendFile(lines.map(line => `${JSON.stringify(line)}\n`).join(''))
  }

  /** Adds evidence, but for what was added while it happened. */
  async addEvidence (evidence: Evidence, except: ReadonlyArray<keyof Evidence> = []): Promise<void> {
    for (const kind of names) {
      if (except.includes(kind)) continue
      const items: ReadonlyArray<Evidence[typeof kind][number]> = evidence[kind]
      for (let at = 0; at < items.length; at += 1000) await this.add(...items.slice(at, at + 1000).map(item => ({ kind, item }) as Line))
    }
  }

  async close (): Promise<void> { await this.#file.close() }
}

/**
 * Reads a history back.
 *
 * @throws {Error} when a line is of no known kind, or there is no header.
 */
export async function readHistory (path: string): Promise<{ readonly header: Header, readonly evidence: Evidence }> {
  const evidence = Object.fromEntries(names.map(name => [name, [] as unknown[]])) as Record<keyof Evidence, unknown[]>
  let header: Header | undefined
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    const { kind, item } = JSON.parse(text) as Line
    if (kind === 'header') header = item
    else if (names.includes(kind)) evidence[kind].push(item)
    else throw new Error(`the history ${path} has a line of the kind ${String(kind)}`)
  }
  if (header === undefined) throw new Error(`the history ${path} has no header: it was not finished`)
  return { header, evidence: evidence as unknown as Evidence }
}
