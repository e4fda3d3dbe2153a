import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { OpsError } from '../errors.ts'
import { runCommand } from './command.ts'
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
export async function runMaven (run: MavenRun, report: Report, signal?: AbortSignal): Promise<void> {
  const onTick = (text: string, seconds: number): void => report(`downloading ${run.artifact}: ${downloadProgress(text)} (${seconds} s)`)
  const answer = await runCommand('mvn', run.args, { onTick, signal })
  signal?.throwIfAborted()
  if (!answer.found) throw new OpsError('OPS_MAVEN_MISSING', { artifact: run.artifact })
  mkdirSync(dirname(run.log), { recursive: true })
  writeFileSync(run.log, answer.text)
  if (!answer.ok) throw new OpsError('OPS_DOWNLOAD_FAILED', { artifact: run.artifact, problem: mavenProblem(answer.text), log: run.log })
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
