import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { allowedFolders, checkBorders } from './border-rules.ts'
import { readSources } from './import-graph.ts'

// `npm run borders`: every breach of the folder borders on a line; exit code 1 when there is one.
const root = resolve(import.meta.dirname, '../..')
const { imports } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as { imports: Readonly<Record<string, string>> }
const sources = readSources(root, Object.keys(allowedFolders), imports)
const breaches = checkBorders(sources)
for (const breach of breaches) process.stderr.write(`${breach}\n`)
process.stdout.write(breaches.length === 0 ? `borders kept by ${sources.length} files\n` : `${breaches.length} breaches of the borders\n`)
process.exitCode = breaches.length === 0 ? 0 : 1
