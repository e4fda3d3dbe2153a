import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Caught } from './search.ts'

/** A seed that is known to catch a build. */
export type Recorded = Pick<Caught, 'seed' | 'seeds' | 'check'>

const file = resolve(import.meta.dirname, 'recorded.json')

/** The recorded seed of every build, by name. */
export function readRecorded (): Readonly<Record<string, Recorded>> {
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Recorded>
}

/** Keeps what was found beside what was recorded before. */
export function record (found: ReadonlyMap<string, Caught>): void {
  const kept = { ...readRecorded() }
  for (const [name, { seed, seeds, check }] of found) kept[name] = { seed, seeds, check }
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(Object.entries(kept).sort(([a], [b]) => a < b ? -1 : 1)), null, 2)}\n`)
}
