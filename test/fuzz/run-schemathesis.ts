import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pythonWith } from '../support/python.ts'

export interface FuzzOptions {
  /** Base URL of the API. */
  readonly url: string
  /** Access token; absent = none is sent. */
  readonly token?: string | undefined
  /** Signs the callbacks of payments, carriers and providers of notifications. */
  readonly callbackSecret: string
  readonly seed: number
  /** Cases for each operation in the phases that draw at random. */
  readonly maxExamples: number
  /** Folder that takes the report. */
  readonly folder: string
  readonly name: string
}

/** What a run of schemathesis gave. */
export interface FuzzResult {
  readonly exitCode: number
  readonly operations: number
  /** Requests with their answers. */
  readonly cases: number
  readonly failures: number
  /** What failed, and how to repeat it; empty when nothing did. */
  readonly text: string
}

/** Runs every check of schemathesis over every operation, in all phases, as one user. */
export async function runSchemathesis ({ url, token, callbackSecret, seed, maxExamples, folder, name }: FuzzOptions): Promise<FuzzResult> {
  const programs = await pythonWith(join(import.meta.dirname, 'requirements.txt'))
  mkdirSync(folder, { recursive: true })
  const report = join(folder, `${name}.json`)
  // As a module: programs of a virtual environment name the folder in which it was made.
  const args = [
    '-m', 'schemathesis.cli', '--config-file', join(import.meta.dirname, 'schemathesis.toml'), '--no-color',
    'run', `${url}/openapi.json`,
    '--seed', String(seed),
    '--max-examples', String(maxExamples),
    '--continue-on-failure',
    '--warnings', 'off',
    '--generation-database', 'none',
    '--report', 'json', '--report-json-path', report,
    ...token === undefined ? [] : ['--header', `Authorization: Bearer ${token}`]
  ]
  const env = {
    ...process.env, TERM: 'dumb', PYTHONDONTWRITEBYTECODE: '1', COLUMNS: '160', SCHEMATHESIS_HOOKS: join(import.meta.dirname, 'hooks.py'), FUZZ_CALLBACK_SECRET: callbackSecret
  }
  const child = spawn(join(programs, 'python'), args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { text += chunk.toString() })
  const [code] = await once(child, 'close') as [number | null]
  const exitCode = code ?? 1
  return { exitCode, ...figuresOf(report), text: exitCode === 0 ? '' : text.slice(Math.max(0, text.indexOf('= FAILURES ='))) }
}

interface Report { readonly operations: { readonly tested: number }, readonly test_cases: { readonly generated: number, readonly unique_failures: number } }

function figuresOf (path: string): Pick<FuzzResult, 'operations' | 'cases' | 'failures'> {
  const { operations, test_cases: cases } = JSON.parse(readFileSync(path, 'utf8')) as Report
  return { operations: operations.tested, cases: cases.generated, failures: cases.unique_failures }
}
