/**
 * What the front has to know of a statement before the engine sees it: who may run it, and where an INSERT goes. Pure.
 */

/** `read` runs on a read-only connection, `insert` is held against the token rule, everything else is `write`. */
export type StatementKind = 'read' | 'insert' | 'write'

const READS = new Set(['SELECT', 'WITH', 'SHOW', 'DESCRIBE', 'DESC', 'EXPLAIN', 'EXISTS'])

/** The statement without the comments, spaces and brackets before its first word. */
export function statementBody (sql: string): string {
  return sql.replace(/^(?:\s+|--[^\n]*(?:\n|$)|#[! ][^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()+/, '')
}

/** By the first word only: what is taken for a read and writes after all is refused by the engine, on its read-only connection. */
export function statementKind (sql: string): StatementKind {
  const word = /^[A-Za-z]+/.exec(statementBody(sql))?.[0].toUpperCase() ?? ''
  if (READS.has(word)) return 'read'
  return word === 'INSERT' ? 'insert' : 'write'
}

/** An INSERT whose rows follow as text in a row format. */
export interface InsertStatement {
  /** `table` or `database.table`, without quotes. */
  readonly table: string
  readonly columns: readonly string[]
  readonly settings: ReadonlyMap<string, string | number>
  readonly format: string
  /** Rows that stood in the statement itself, after the format. */
  readonly inline: string
}

const NAME = '(?:`\\w+`|"\\w+"|\\w+)'
const INSERT_TARGET = new RegExp(`^INSERT\\s+INTO\\s+(?:TABLE\\s+)?(${NAME}(?:\\s*\\.\\s*${NAME})?)`, 'i')
const INSERT_ROWS = new RegExp(
  `${INSERT_TARGET.source}\\s*(?:\\(([^()]*)\\))?\\s*(?:SETTINGS\\s+((?:\\w+\\s*=\\s*(?:'(?:[^'\\\\]|\\\\.|'')*'|[\\w.+-]+)\\s*,?\\s*)+))?FORMAT\\s+(\\w+)(?=\\s|;|$);?`, 'i')

function plainName (text: string): string {
  return text.replace(/[`"\s]/g, '')
}

/** The table an INSERT names, or undefined when it names none that can be read (a table function, say). */
export function insertTable (sql: string): string | undefined {
  const match = INSERT_TARGET.exec(statementBody(sql))
  return match?.[1] === undefined ? undefined : plainName(match[1])
}

/** Takes `INSERT INTO t (columns) SETTINGS … FORMAT f` apart; undefined for every other shape (VALUES, SELECT, functions). */
export function parseInsert (sql: string): InsertStatement | undefined {
  const body = statementBody(sql)
  const match = INSERT_ROWS.exec(body)
  if (match?.[1] === undefined || match[4] === undefined || match[4].toUpperCase() === 'VALUES') return undefined
  const columns = (match[2] ?? '').split(',').map(plainName).filter(name => name !== '')
  return { table: plainName(match[1]), columns, settings: parseSettings(match[3] ?? ''), format: match[4], inline: body.slice(match[0].length).trimStart() }
}

function parseSettings (text: string): Map<string, string | number> {
  const settings = new Map<string, string | number>()
  for (const [, name, value] of text.matchAll(/(\w+)\s*=\s*('(?:[^'\\]|\\.|'')*'|[\w.+-]+)/g)) {
    if (name === undefined || value === undefined) continue
    const number = Number(value)
    if (value.startsWith("'")) settings.set(name, value.slice(1, -1).replace(/''|\\(.)/g, (_, escaped?: string) => escaped ?? "'"))
    else settings.set(name, Number.isSafeInteger(number) ? number : value)
  }
  return settings
}

/** True when the statement carries a deduplication token, in whatever place of its SETTINGS. */
export function hasToken (sql: string): boolean {
  return /\binsert_deduplication_token\s*=\s*'[^']+'/i.test(sql)
}

/** The output format named at the end of a statement, before or after its SETTINGS. */
export function outputFormat (sql: string): string | undefined {
  return /\bFORMAT\s+(\w+)\s*(?:SETTINGS\s[^;]*)?;?\s*$/i.exec(sql)?.[1]
}

/** A single-quoted literal. */
export function quote (text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** Literals, quoted names, here-documents and comments, each as a whole: nothing in them is code. */
const NO_CODE = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|\$(\w*)\$.*?\$\1\$|(?:--|\/\/|#[! ])[^\n]*|\/\*.*?\*\//gs

/** False when a second statement follows a semicolon: the engine would run it too, unseen by the rules above. */
export function isSingleStatement (sql: string): boolean {
  return parseInsert(sql) !== undefined || !/;\s*\S/.test(sql.replace(NO_CODE, ' '))
}

/** Functions that everybody may use of an engine without users, and that reach files, addresses or programs; with the endings of their kinds. */
const OUTSIDE = [
  'arrowStream', 'azureBlobStorage', 'cluster', 'cosn', 'deltaLake', 'eval', 'executable', 'file', 'filesystem', 'gcs', 'hdfs', 'hudi', 'iceberg', 'input', 'jdbc', 'mongodb',
  'mysql', 'odbc', 'oss', 'paimon', 'postgresql', 'redis', 'remote', 's3', 'sqlite', 'url', 'ytsaurus'
]
const SPACE = '[\\s\\u180e\\u200b-\\u200d\\u2060]*'
const COMMENT = '(?:/\\*|--|//|#)'
const REACHES_OUT: ReadonlyArray<readonly [what: string, pattern: RegExp]> = [
  ['INTO OUTFILE', /\boutfile\b/i],
  ['FROM INFILE', /\binfile\b/i],
  ['a function of files, addresses or programs', new RegExp(`\\b(?:${OUTSIDE.join('|')})(?:Azure|HDFS|Local|S3|Secure|AllReplicas)?(?:Cluster)?["\`”]?${SPACE}(?:\\(|${COMMENT})`, 'i')],
  ['a function by a quoted name', new RegExp(`["\`”]${SPACE}\\(|^[^\\\\]*\\\\[^]*["\`”]${SPACE}${COMMENT}`)]
]

/**
 * Names what in a statement reaches beyond the tables; undefined when nothing does. It looks at the text as it is, literals and comments included:
 * whatever the engine takes for code is seen, however it is written. A literal that looks like one of these is better given as a parameter.
 */
export function reachesOut (sql: string): string | undefined {
  return REACHES_OUT.find(([, pattern]) => pattern.test(sql))?.[0]
}
