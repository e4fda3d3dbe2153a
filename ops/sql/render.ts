/** What a query answered: names of the columns and the rows, every value as JSON has it; amounts and large numbers as text. */
export interface Answer { readonly names: readonly string[], readonly rows: ReadonlyArray<readonly unknown[]> }

/** Forms in which an answer can be shown. */
export const sqlFormats = ['table', 'csv', 'tsv', 'json', 'ndjson'] as const
export type SqlFormat = (typeof sqlFormats)[number]

/** Shows an answer, with a line end. Pure. */
export function render ({ names, rows }: Answer, format: SqlFormat): string {
  const objects = (): object[] => rows.map(row => Object.fromEntries(names.map((name, index) => [name, row[index]])))
  switch (format) {
    case 'table': return table([names, ...rows.map(row => row.map(textOf))].map(fields => fields.map(shown)))
    case 'csv': return [names, ...rows].map(row => `${row.map(csvField).join(',')}\n`).join('')
    case 'tsv': return [names, ...rows].map(row => `${row.map(value => textOf(value).replace(/[\\\t\n\r]/g, escaped)).join('\t')}\n`).join('')
    case 'json': return `${JSON.stringify(objects(), undefined, 2)}\n`
    case 'ndjson': return objects().map(row => `${JSON.stringify(row)}\n`).join('')
  }
}

function textOf (value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function csvField (value: unknown): string {
  const text = textOf(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function escaped (character: string): string {
  return escapes[character] ?? character
}

/** What is read on a terminal: a value that holds line ends or control sequences must not act on it. */
function shown (text: string): string {
  return text.replace(/\p{Cc}/gu, character => escapes[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** Columns as wide as their widest field; numbers to the right. */
function table ([names = [], ...rows]: ReadonlyArray<readonly string[]>): string {
  const isNumber = names.map((_, index) => rows.length > 0 && rows.every(row => /^-?[\d.]*$/.test(row[index] ?? '')))
  const widths = names.map((name, index) => rows.reduce((width, row) => Math.max(width, (row[index] ?? '').length), name.length))
  const line = (fields: readonly string[]): string =>
    fields.map((field, index) => isNumber[index] === true ? field.padStart(widths[index] ?? 0) : field.padEnd(widths[index] ?? 0)).join('  ').trimEnd()
  return `${[line(names), widths.map(width => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n')}\n`
}
