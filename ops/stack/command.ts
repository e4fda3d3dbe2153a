import { spawn } from 'node:child_process'
import { childEnvironment } from '../config.ts'

/** What a program said and how it ended; `found` is false when there is no such program. */
export interface Answer { readonly found: boolean, readonly ok: boolean, readonly text: string }

export interface CommandOptions {
  /** Added to the small environment that children get. */
  readonly env?: Readonly<Record<string, string>>
  /** Killed after this time, ms. @default never */
  readonly timeoutMs?: number
  /** Ends the program early; the answer is not ok then. */
  readonly signal?: AbortSignal | undefined
  /** Called every three seconds with the newest output and the seconds since the start. */
  readonly onTick?: (text: string, seconds: number) => void
}

/** Runs a program to its end, without input. Never rejects. `text` is the last megabyte of stdout and stderr, as they came. */
export async function runCommand (command: string, args: readonly string[], options: CommandOptions = {}): Promise<Answer> {
  return await new Promise(resolve => {
    const startedAt = performance.now()
    const child = spawn(command, [...args], { env: { ...childEnvironment(), ...options.env }, stdio: ['ignore', 'pipe', 'pipe'], signal: options.signal })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => { text = (text + chunk).slice(-1_048_576) })
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), options.timeoutMs)
    const ticker = setInterval(() => options.onTick?.(text, Math.round((performance.now() - startedAt) / 1000)), 3000)
    const settle = (found: boolean, ok: boolean, answer: string): void => {
      clearTimeout(timer)
      clearInterval(ticker)
      resolve({ found, ok, text: answer })
    }
    child.once('error', error => settle((error as NodeJS.ErrnoException).code !== 'ENOENT', false, error.message))
    child.once('close', code => settle(true, code === 0, text))
  })
}
