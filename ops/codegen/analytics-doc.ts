import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isCommerceSerde } from '../../topology/index.ts'
import { analyticsTopics } from '../platform/topology.ts'
import { readSchemas } from './avro-schemas.ts'
import { type GeneratedFile } from './avro-types.ts'

/** A table or view as its migration declares it; columns only where it says what they are. */
export interface Relation {
  readonly name: string
  readonly comment: string
  readonly columns: ReadonlyArray<{ readonly name: string, readonly type: string, readonly comment: string }>
}

/** A query of docs/analytics.md. */
export interface DocumentedQuery { readonly title: string, readonly sql: string }

const path = 'docs/analytics.md'
const marker = '<!-- Generated from here on by `npm run generate`: out of sinks/clickhouse/migrations and schemas/avro. -->'
const repository = join(import.meta.dirname, '../..')

/** docs/analytics.md: what people wrote, and below it the dictionary of what analysts can read. */
export async function analyticsDoc (root: string): Promise<readonly GeneratedFile[]> {
  const [written] = (await readFile(join(root, path), 'utf8')).split(marker)
  const relations = await readRelations(root)
  const described = relations.filter(({ columns }) => columns.length > 0)
  const others = relations.filter(({ columns }) => columns.length === 0)
  const content = [
    `${written?.trimEnd()}\n\n${marker}\n`,
    '# Dictionary\n',
    'Also in the database: `DESCRIBE TABLE orders_by_day`. Decimal sums are exact; times are UTC.\n',
    ...described.map(({ name, comment, columns }) => [
      `## ${name}`, '', ...comment === '' ? [] : [`${comment.replace(/\.$/, '')}.`, ''], '| column | type | what |', '| --- | --- | --- |',
      ...columns.map(column => `| \`${column.name}\` | ${column.type} | ${column.comment} |`), ''
    ].join('\n')),
    ['## Further views', '', '| view | what |', '| --- | --- |', ...others.map(({ name, comment }) => `| \`${name}\` | ${comment} |`), ''].join('\n'),
    await eventsSection(root)
  ].join('\n')
  return [{ path, content }]
}

/** The queries of docs/analytics.md: each a heading with a number and the block of SQL below it. */
export async function documentedQueries (root = repository): Promise<readonly DocumentedQuery[]> {
  const text = await readFile(join(root, path), 'utf8')
  return [...text.matchAll(/^### (\d+\. .+)\n+```sql\n([\s\S]*?)\n```/gm)].map(([, title = '', sql = '']) => ({ title, sql: sql.replace(/;\s*$/, '') }))
}

/** Every table and view, in the order in which they were first made, as the newest migration that makes them declares them. */
async function readRelations (root: string): Promise<readonly Relation[]> {
  const folder = join(root, 'sinks/clickhouse/migrations')
  const files = (await readdir(folder)).filter(file => file.endsWith('.sql')).sort()
  const relations = new Map<string, Relation>()
  for (const file of files) {
    const sql = await readFile(join(folder, file), 'utf8')
    for (const relation of relationsOf(sql)) relations.set(relation.name, relation)
    for (const [name, added] of addedColumns(sql)) {
      const relation = relations.get(name)
      if (relation !== undefined) relations.set(name, { ...relation, columns: [...relation.columns, ...added] })
    }
  }
  return [...relations.values()]
}

/** The tables and views that a migration makes. Pure. */
export function relationsOf (sql: string): readonly Relation[] {
  return sql.split(/;[ \t]*(?:\n|$)/).flatMap(statement => {
    const [, name] = /CREATE (?:OR REPLACE VIEW|TABLE IF NOT EXISTS) (\w+)/.exec(statement) ?? []
    if (name === undefined) return []
    const columns = [...statement.matchAll(/^ {2}(\w+) (.+?) COMMENT '((?:[^'\\]|\\.|'')*)'/gm)]
      .map(([, column = '', type = '', comment = '']) => ({ name: column, type: type.replaceAll('|', '\\|'), comment: comment.replaceAll("''", "'").replaceAll('|', '\\|') }))
    const [, given] = /\n\)?\s*COMMENT '((?:[^'\\]|\\.|'')*)'\s*$/.exec(statement) ?? []
    const before = statement.slice(0, statement.indexOf('CREATE ')).split('\n').map(line => line.replace(/^--\s?/, '').trim()).filter(line => line !== '').join(' ')
    return [{ name, comment: given?.replaceAll("''", "'") ?? before, columns }]
  })
}

/** The columns that a migration adds to tables, by table. Pure. */
export function addedColumns (sql: string): ReadonlyMap<string, Relation['columns']> {
  const added = new Map<string, Relation['columns']>()
  for (const statement of sql.split(/;[ \t]*(?:\n|$)/)) {
    const [, table] = /^ALTER TABLE (\w+)$/m.exec(statement) ?? []
    if (table === undefined) continue
    const columns = [...statement.matchAll(/ADD COLUMN IF NOT EXISTS (\w+) ([\s\S]+?)\s+MATERIALIZED [\s\S]+?\s+COMMENT '((?:[^'\\]|\\.|'')*)'/g)]
      .map(([, name = '', type = '', comment = '']) => ({ name, type: type.replace(/\s+/g, ' ').replaceAll('( ', '('), comment: comment.replaceAll("''", "'") }))
    added.set(table, [...added.get(table) ?? [], ...columns])
  }
  return added
}

async function eventsSection (root: string): Promise<string> {
  const docs = new Map((await readSchemas(root)).map(({ schema }) => [schema.name, schema.doc]))
  const rows = analyticsTopics.flatMap(({ name, value }) => isCommerceSerde(value) ? value.records.map(record => `| \`${name}\` | \`${record}\` | ${docs.get(record) ?? ''} |`) : [])
  return ['## Events in raw_events', '', '`payload` is the record as JSON; its fields are described in `schemas/avro`.', '', '| `_topic` | `event_type` | what it tells |', '| --- | --- | --- |', ...rows, ''].join('\n')
}
