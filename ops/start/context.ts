import { type Config } from '../config.ts'
import { type Closers } from './closers.ts'
import { type StartOptions } from './options.ts'

/** What one process of the platform runs with. */
export interface RunContext {
  readonly options: StartOptions
  readonly config: Config
  readonly closers: Closers
  /** Aborts when the process is asked to end. */
  readonly signal: AbortSignal
  readonly print: (line: string) => void
}
