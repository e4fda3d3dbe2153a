import type { Problem } from './checks.ts'

/** What a worker is made for: a build of the runtime, the true one without a name. */
export interface WorkerData { readonly build: string | undefined }

/** A run that a worker is asked for. */
export interface Order {
  readonly seed: number
  /** Faults to leave out, and batches to keep. */
  readonly without?: readonly number[]
  readonly batches?: number
  readonly isTraced?: boolean
}

/** What became of it; plain data. */
export interface Report {
  readonly seed: number
  readonly problems: readonly Problem[]
  readonly processes: number
  readonly tasks: number
  readonly records: number
  readonly steps: number
  readonly faults: ReadonlyArray<readonly [kind: string, times: number]>
  readonly virtualMs: number
  readonly trace: readonly string[] | undefined
}
