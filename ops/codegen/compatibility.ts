import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type AvroNamed, type SchemaFile, readSchemas, selfContained } from './avro-schemas.ts'
import { findBreaks } from './schema-breaks.ts'

/** Every version of every record that was ever released, oldest first. Checked in: the gate needs no registry. */
export type SchemaLock = Readonly<Record<string, readonly SchemaVersion[]>>
export interface SchemaVersion { readonly version: number, readonly fingerprint: string, readonly schema: AvroNamed }

/** What the gate found: `problems` fail it; `lock` is the lock with the current versions recorded. */
export interface CompatibilityReport { readonly problems: readonly string[], readonly recorded: readonly string[], readonly lock: SchemaLock }

export const lockPath = 'schemas/lock.json'

/**
 * Compares the schema files with every version in the lock, both ways (FULL_TRANSITIVE): old readers must read new records and new
 * readers must read everything still in a log. A change of words (`doc`) is no new version.
 */
export function checkCompatibility (files: readonly SchemaFile[], lock: SchemaLock): CompatibilityReport {
  const problems: string[] = []
  const recorded: string[] = []
  const next: Record<string, readonly SchemaVersion[]> = { ...lock }
  const messages = files.filter(file => file.schema.type === 'record' && !file.nested)
  for (const { fullName } of messages) {
    const schema = withoutWords(selfContained(fullName, files)) as AvroNamed
    const versions = lock[fullName] ?? []
    const breaks = versions.flatMap(earlier => breaksAgainst(earlier, schema))
    problems.push(...breaks)
    const print = fingerprint(schema)
    if (breaks.length > 0 || versions.at(-1)?.fingerprint === print) continue
    const version = (versions.at(-1)?.version ?? 0) + 1
    next[fullName] = [...versions, { version, fingerprint: print, schema }]
    recorded.push(`${fullName} version ${version}`)
  }
  const known = new Set(messages.map(file => file.fullName))
  for (const name of Object.keys(lock)) {
    if (!known.has(name)) problems.push(`${name}: was released and has no schema file any more; records of it may still be in a log`)
  }
  return { problems, recorded, lock: Object.fromEntries(Object.entries(next).sort(([a], [b]) => a < b ? -1 : 1)) }
}

function breaksAgainst (earlier: SchemaVersion, schema: AvroNamed): readonly string[] {
  const backward = findBreaks(schema, earlier.schema).map(({ path, reason }) => `${path}: ${reason} (new readers cannot read version ${earlier.version})`)
  const forward = findBreaks(earlier.schema, schema).map(({ path, reason }) => `${path}: ${reason} (readers of version ${earlier.version} cannot read new records)`)
  return [...backward, ...forward]
}

/** The schema as it lies in bytes: no documentation, keys in order. */
function withoutWords (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutWords)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([name, entry]) => name !== 'doc' || typeof entry !== 'string').map(([name, entry]) => [name, withoutWords(entry)]))
}

function fingerprint (schema: AvroNamed): string {
  return createHash('sha256').update(JSON.stringify(schema)).digest('hex')
}

/** Runs the gate over a work tree; with `record` the lock is written when nothing is wrong. */
export async function runCompatibility (root: string, record: boolean): Promise<CompatibilityReport> {
  const path = join(root, lockPath)
  const report = checkCompatibility(await readSchemas(root), await readLock(path))
  if (record && report.problems.length === 0 && report.recorded.length > 0) await writeFile(path, lockText(report.lock))
  return report
}

async function readLock (path: string): Promise<SchemaLock> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as SchemaLock
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
}

/** One version a line: a change of one record is a change of one line. */
function lockText (lock: SchemaLock): string {
  const records = Object.entries(lock).map(([name, versions]) =>
    `  ${JSON.stringify(name)}: [\n${versions.map(version => `    ${JSON.stringify(version)}`).join(',\n')}\n  ]`)
  return `{\n${records.join(',\n')}\n}\n`
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const check = process.argv.includes('--check')
  const { problems, recorded } = await runCompatibility(process.cwd(), !check)
  for (const problem of problems) process.stderr.write(`incompatible: ${problem}\n`)
  for (const name of recorded) process.stdout.write(`${check ? 'not in the lock' : problems.length > 0 ? 'not recorded' : 'recorded'}: ${name}\n`)
  if (problems.length > 0) process.stderr.write(`a record that no release carries yet may change freely: delete its entry in ${lockPath} and record it anew\n`)
  if (check && recorded.length > 0) process.stderr.write('run `npm run schemas:record` and commit schemas/lock.json\n')
  process.exitCode = problems.length > 0 || (check && recorded.length > 0) ? 1 : 0
}
