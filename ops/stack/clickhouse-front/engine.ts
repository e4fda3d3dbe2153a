import { mkdirSync, rmSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Session } from 'chdb'
import { ensureError } from '../../../streams/errors.ts'
import { hasToken, insertTable, isSingleStatement, outputFormat, parseInsert, quote, reachesOut, statementKind, type InsertStatement } from './statement.ts'
import { FrontError } from './problem.ts'
import { Lane } from './lane.ts'
import { type FrontRequest } from './request.ts'

export interface EngineOptions {
  /** Folder of the data. One process at a time. */
  readonly path: string
  /** How long a request may take to arrive, ms; also how long it may wait for its turn. */
  readonly receiveTimeoutMs: number
  /** Limit of an INSERT, s. With `receiveTimeoutMs` it bounds how late a forgotten insert can still land. */
  readonly insertSeconds: number
  /** Limits of a read. */
  readonly readSeconds: number
  readonly readMaxMemoryBytes: number
  readonly readMaxResultBytes: number
}

export interface EngineAnswer {
  readonly bytes: Uint8Array
  readonly format: string
  readonly readRows: number
  readonly readBytes: number
  readonly writtenRows: number
  readonly writtenBytes: number
  readonly elapsedSeconds: number
}

/** What the front uses of the optional package, imported when the engine opens. */
interface Chdb {
  readonly Session: typeof Session
  drainPending (): Promise<void>
}

const NO_ROWS = { bytes: new Uint8Array(0), readRows: 0, readBytes: 0, writtenRows: 0, writtenBytes: 0 }
/** Formats of a row a line, in which rows can be counted: a line end within a value is written as an escape. */
const LINE_FORMATS = new Set(['JSONEachRow', 'JSONCompactEachRow', 'TSV', 'TabSeparated'])
const LINE_END = 0x0a
/** Folder beside the data for rows on their way into it; emptied at every start. */
const INBOX = 'inbox'

/**
 * The embedded ClickHouse engine, made safe for many clients: every request has a connection of its own, thrown away after it, so
 * no setting and no parameter of one request can reach another. Statements run on the thread pool; the event loop stays free.
 *
 * Reads run with `readonly=1` and limits: what a question needs set comes beside it, and nothing in its text can lift a limit. No read reaches
 * files, addresses or programs beside the tables. An INSERT into a table that deduplicates (`non_replicated_deduplication_window` > 0)
 * without a token is refused: it would be kept or dropped by chance.
 */
export class Engine {
  readonly #chdb: Chdb
  readonly #options: EngineOptions
  /** Keeps the engine alive between requests: the last connection to close shuts it down. */
  readonly #anchor: Session
  readonly #readers = new Lane(4)
  readonly #writers = new Lane(4)
  readonly #inbox: string
  #inserts = 0
  /** Whether a table wants tokens, by `database.table`; forgotten at every statement that may change tables. */
  readonly #tokenTables = new Map<string, boolean>()

  private constructor (chdb: Chdb, anchor: Session, options: EngineOptions) {
    this.#chdb = chdb
    this.#anchor = anchor
    this.#options = options
    this.#inbox = join(options.path, INBOX)
    rmSync(this.#inbox, { recursive: true, force: true })
    mkdirSync(this.#inbox)
  }

  /** Loads the engine and opens the folder. Rejects with a message for people: what is missing or who holds the folder. */
  static async open (options: EngineOptions): Promise<Engine> {
    let chdb: Chdb
    try {
      chdb = (await import('chdb')).default as unknown as Chdb
    } catch (error) {
      throw new Error('the ClickHouse engine is not installed: it is the optional package chdb (Linux and macOS; npm ci --include=optional)', { cause: error })
    }
    try {
      const anchor = new chdb.Session(options.path)
      await anchor.queryAsync('SELECT 1')
      return new Engine(chdb, anchor, options)
    } catch (error) {
      const holder = await holderOf(options.path)
      throw new Error(holder === undefined
        ? `the ClickHouse folder ${options.path} cannot be opened: ${ensureError(error).message}`
        : `another process has the ClickHouse folder ${options.path} open (pid ${holder}): stop it first, one process per folder`, { cause: error })
    }
  }

  get running (): number {
    return this.#readers.running + this.#writers.running
  }

  /** Runs one request. Rejects with the engine's own error text, or a FrontError. */
  async run (request: FrontRequest, arrivedMs: number): Promise<EngineAnswer> {
    const text = textOf(request)
    const kind = statementKind(text)
    if (!isSingleStatement(text)) throw new FrontError(62, 'SYNTAX_ERROR', 'Multi-statements are not allowed')
    const outside = kind === 'read' ? reachesOut(text) : undefined
    if (outside !== undefined) throw new FrontError(497, 'ACCESS_DENIED', `The question has ${outside}: only tables can be asked. A literal that looks like it is taken as a parameter`)
    const deadlineMs = arrivedMs + this.#options.receiveTimeoutMs
    if (kind === 'read') return await this.#readers.run(deadlineMs, async () => await this.#statement(request, this.#readSettings(request)))
    return await this.#writers.run(deadlineMs, async () => {
      if (kind === 'insert') return await this.#insert(request)
      this.#tokenTables.clear()
      try {
        return await this.#statement(request, new Map([...request.settings, ['async_insert', '0']]))
      } finally {
        this.#tokenTables.clear()
      }
    })
  }

  /** Waits for what runs and lets go of the folder. */
  async close (): Promise<void> {
    await this.#chdb.drainPending()
    this.#anchor.close()
    await this.#chdb.drainPending()
  }

  async #insert (request: FrontRequest): Promise<EngineAnswer> {
    const insert = parseInsert(request.sql)
    const text = textOf(request)
    const table = insert?.table ?? insertTable(text)
    const hasOwnToken = (request.settings.get('insert_deduplication_token') ?? '') !== '' || hasToken(text)
    if (table !== undefined && !hasOwnToken && await this.#wantsToken(table, request.database)) {
      throw new FrontError(36, 'BAD_ARGUMENTS', `Table ${table} deduplicates inserts: an INSERT needs an insert_deduplication_token`)
    }
    const limits = new Map<string, string>([...request.settings, ['max_execution_time', clamp(request.settings.get('max_execution_time'), this.#options.insertSeconds)]])
    if (!limits.has('async_insert')) limits.set('async_insert', '0')
    if (insert === undefined) return await this.#statement(request, limits)
    return await this.#insertRows(request, insert, limits)
  }

  /**
   * Rows go through a file that the engine reads: those behind a statement it first takes apart into words of SQL, to the last byte, which takes
   * a third of the time of an insert.
   */
  async #insertRows (request: FrontRequest, insert: InsertStatement, limits: ReadonlyMap<string, string>): Promise<EngineAnswer> {
    const { table, columns, format } = insert
    const rows = insert.inline === '' ? request.data : Buffer.concat([Buffer.from(insert.inline), request.data])
    const written = { writtenRows: LINE_FORMATS.has(format) ? linesOf(rows) : 0, writtenBytes: rows.length }
    if (rows.length === 0) return { ...NO_ROWS, format, elapsedSeconds: 0 }
    const file = join(this.#inbox, String(this.#inserts++))
    const names = columns.length === 0 ? '' : ` (${columns.join(', ')})`
    const settings = [...new Map([...limits, ...insert.settings])].map(([name, value]) => `${name} = ${typeof value === 'number' ? value : quote(value)}`)
    try {
      await writeFile(file, rows)
      return await this.#withConnection(request.database, async connection => {
        const answer = await connection.queryAsync(`INSERT INTO ${table}${names} FROM INFILE ${quote(file)} COMPRESSION 'none' SETTINGS ${settings.join(', ')} FORMAT ${format}`)
        return { ...NO_ROWS, ...written, format, elapsedSeconds: answer.elapsed }
      })
    } finally {
      await rm(file, { force: true })
    }
  }

  async #statement (request: FrontRequest, settings: ReadonlyMap<string, string>): Promise<EngineAnswer> {
    const format = outputFormat(request.sql) ?? request.defaultFormat ?? 'TabSeparated'
    return await this.#withConnection(request.database, async connection => {
      const sets: string[] = []
      for (const [name, value] of request.params) sets.push(`param_${name} = ${quote(value)}`)
      for (const [name, value] of settings) sets.push(`${name} = ${quote(value)}`)
      if (sets.length > 0) await connection.queryAsync(`SET ${sets.join(', ')}`)
      const answer = await connection.queryAsync(textOf(request), { format })
      return { ...NO_ROWS, bytes: answer.bytes(), format, readRows: answer.rowsRead, readBytes: answer.bytesRead, elapsedSeconds: answer.elapsed }
    })
  }

  /** `readonly` is last: after it nothing can be changed. */
  #readSettings (request: FrontRequest): Map<string, string> {
    const { readSeconds, readMaxMemoryBytes, readMaxResultBytes } = this.#options
    const settings = new Map(request.settings)
    settings.delete('readonly')
    settings.set('max_execution_time', clamp(settings.get('max_execution_time'), readSeconds))
    settings.set('max_memory_usage', clamp(settings.get('max_memory_usage'), readMaxMemoryBytes))
    settings.set('max_result_bytes', clamp(settings.get('max_result_bytes'), readMaxResultBytes))
    settings.set('readonly', '1')
    return settings
  }

  async #wantsToken (table: string, database = 'default'): Promise<boolean> {
    const [first = '', second] = table.split('.')
    const name = second === undefined ? `${database}.${first}` : table
    const known = this.#tokenTables.get(name)
    if (known !== undefined) return known
    const [owner = '', base = ''] = name.split('.')
    const wants = await this.#withConnection(undefined, async connection => {
      const answer = await connection.queryAsync(
        `SELECT count() FROM system.tables WHERE database = ${quote(owner)} AND name = ${quote(base)} AND match(engine_full, 'non_replicated_deduplication_window = [1-9]')`, { format: 'TabSeparated' })
      return answer.text().trim() !== '0'
    })
    this.#tokenTables.set(name, wants)
    return wants
  }

  async #withConnection<T> (database: string | undefined, work: (connection: Session) => Promise<T>): Promise<T> {
    const connection = new this.#chdb.Session(this.#options.path)
    try {
      if (database !== undefined && database !== 'default') {
        if (!/^\w+$/.test(database)) throw new FrontError(81, 'UNKNOWN_DATABASE', 'Database names are letters, digits and underscores')
        await connection.queryAsync(`USE \`${database}\``)
      }
      return await work(connection)
    } finally {
      connection.close()
    }
  }
}

/** The statement with what of it came in the body; rows of an INSERT are none of it. */
function textOf ({ sql, data }: FrontRequest): string {
  return data.length === 0 || parseInsert(sql) !== undefined ? sql : `${sql}\n${data.toString()}`
}

/** Rows in a format of a row a line; the last one may lack its line end. */
function linesOf (rows: Buffer): number {
  let lines = rows.length > 0 && rows.at(-1) !== LINE_END ? 1 : 0
  for (let at = rows.indexOf(LINE_END); at >= 0; at = rows.indexOf(LINE_END, at + 1)) lines++
  return lines
}

/** The asked limit when it is a positive number below ours, else ours. */
function clamp (asked: string | undefined, limit: number): string {
  const wanted = Number(asked ?? 0)
  return String(wanted > 0 && wanted < limit ? wanted : limit)
}

/** The living process that the engine's lock file names, or undefined. */
async function holderOf (path: string): Promise<number | undefined> {
  try {
    const pid = Number(/^PID: (\d+)/m.exec(await readFile(join(path, 'status'), 'utf8'))?.[1])
    process.kill(pid, 0)
    return pid === process.pid ? undefined : pid
  } catch {
    return undefined
  }
}
