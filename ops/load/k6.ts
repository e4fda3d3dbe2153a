import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { childEnvironment } from '../config.ts'
import { OpsError } from '../errors.ts'
import { leash } from '../stack/leash.ts'
import { type Report } from '../stack/stack.ts'

const run = promisify(execFile)

/** What is built where there is no k6. */
const k6Module = 'go.k6.io/k6@v1.8.1'

const tools = resolve(import.meta.dirname, '../../.cache/tools/bin')

/**
 * Path of k6: the one on the PATH, else the one that was built here before, else a new one.
 *
 * @throws {OpsError} OPS_TOOL_MISSING without k6 and without Go.
 */
export async function findK6 (report: Report): Promise<string> {
  const { PATH = '' } = childEnvironment()
  const found = [...PATH.split(delimiter), tools].map(folder => join(folder, 'k6')).find(path => existsSync(path))
  if (found !== undefined) return found
  report(`there is no k6: building ${k6Module}, which takes a few minutes, once`)
  mkdirSync(tools, { recursive: true })
  try {
    await run('go', ['install', k6Module], { env: { ...childEnvironment(), GOBIN: tools } })
  } catch (error) {
    throw new OpsError('OPS_TOOL_MISSING', { tool: 'k6', problem: String(error).split('\n')[0] ?? '', module: k6Module }, error)
  }
  return join(tools, 'k6')
}

/** Exit code of k6 when a threshold was crossed. */
const crossed = 99

export interface K6Run {
  /** Its environment. */
  readonly settings: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  readonly report: Report
}

/** Runs a script; what it prints goes to `report`. True when every threshold held. Rejects when it could not run. */
export async function runK6 (program: string, script: string, { settings, signal, report }: K6Run): Promise<boolean> {
  const env = { ...childEnvironment(), ...settings }
  const child = spawn(program, ['run', '--quiet', '--no-usage-report', script], { env, stdio: ['ignore', 'pipe', 'pipe'], signal, killSignal: 'SIGINT', detached: true })
  leash(child, true)
  const last: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n').filter(line => line.trim() !== '')) {
        last.splice(0, last.length - 20)
        last.push(line)
        report(line)
      }
    })
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => { resolve(code ?? 1) })
  })
  if (code !== 0 && code !== crossed) throw new OpsError('OPS_LOAD_FAILED', { problem: `k6 ended with ${code}: ${last.at(-1) ?? 'it said nothing'}` })
  return code === 0
}
