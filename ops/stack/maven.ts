import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { childEnvironment } from '../config.ts'
import { OpsError } from '../errors.ts'
import { type Report } from './stack.ts'

export interface MavenRun {
  /** What is fetched, with its size, for people: `Apache Kafka 4.1.0 (43 MB)`. */
  readonly artifact: string
  readonly args: readonly string[]
  /** Takes the whole output of Maven. */
  readonly log: string
}

/**
 * Runs Maven, telling how far it is every three seconds.
 *
 * @throws {OpsError} OPS_MAVEN_MISSING when there is no `mvn`; OPS_DOWNLOAD_FAILED with the line that says why.
 */
export async function runMaven (run: MavenRun, report: Report): Promise<void> {
  const startedAt = performance.now()
  const seconds = (): number => Math.round((performance.now() - startedAt) / 1000)
  mkdirSync(dirname(run.log), { recursive: true })
  const log = createWriteStream(run.log)
  let output = ''
  const child = spawn('mvn', [...run.args], { env: childEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log.write(text)
      output = (output + text).slice(-65_536)
    })
  }
  const ticker = setInterval(() => report(`downloading ${run.artifact}: ${downloadProgress(output)} (${seconds()} s)`), 3000)
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    if (code !== 0) throw new OpsError('OPS_DOWNLOAD_FAILED', { artifact: run.artifact, problem: mavenProblem(output), log: run.log })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new OpsError('OPS_MAVEN_MISSING', { artifact: run.artifact }, error)
    throw error
  } finally {
    clearInterval(ticker)
    await new Promise(resolve => log.end(resolve))
  }
}

/** What Maven's output says last about its transfers: `Progress (1): 58/142 MB`, or the last file. */
export function downloadProgress (output: string): string {
  const steps = [...output.matchAll(/Progress \(\d+\): ([^\r\n]*\d+(?:\.\d+)?(?:\/\d+(?:\.\d+)?)? [kMG]?B)|Download(?:ed|ing) from \S+ \S*\/([^/\s]+)/g)]
  const last = steps.at(-1)
  return last?.[1]?.trim() ?? last?.[2] ?? 'asking for it'
}

/** The one line of Maven's output that says why it failed. */
export function mavenProblem (output: string): string {
  const known: ReadonlyArray<readonly [RegExp, string]> = [
    [/No space left on device/, 'the disk is full'],
    [/Unknown host ([^:\s]+)|UnknownHostException: ([^:\s]+)/, 'the repository host is not known: no network?'],
    [/Network is unreachable|No route to host|Connection refused|Connect(?:ion)? timed out|connect timed out/i, 'the repository cannot be reached: no network?'],
    [/offline mode/, 'Maven is in offline mode']
  ]
  for (const [pattern, meaning] of known) if (pattern.test(output)) return meaning
  const line = output.split(/[\r\n]+/).find(text => text.includes('[ERROR]')) ?? 'it said nothing'
  return line.replace(/\[ERROR\]\s*/, '').slice(0, 200)
}
