import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface OwnRootOptions {
  /** First letters of the folder's name. */
  readonly prefix: string
  readonly isKept: boolean
  readonly report: (line: string) => void
}

/**
 * Does the work of a program in a folder of its own, which is deleted when the work says that all is well and nobody wants to keep it.
 * Resolves with the exit code; an error is printed.
 */
export async function inOwnRoot ({ prefix, isKept, report }: OwnRootOptions, work: (root: string) => Promise<boolean>): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), prefix))
  let isGood = false
  try {
    isGood = await work(root)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack ?? error.message : String(error)}\n`)
  } finally {
    if (isKept || !isGood) report(`data and logs are in ${root}`)
    else rmSync(root, { recursive: true, force: true })
  }
  return isGood ? 0 : 1
}

/** Aborts when the program is to end, with the signal's name in its reason. */
export function endingSignal (): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(new Error(`ended by ${signal}`)))
  return stop.signal
}
