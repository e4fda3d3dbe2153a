import { type Topology } from '#streams'
import { type Platform } from '../platform/connect.ts'
import { type RunKind, type RunRecord } from '../play/run-record.ts'
import { type VerifiedRun } from '../verify/run.ts'
import { type RunContext } from './context.ts'

/** A run before it is played: made from the command line and its input, without any service. */
export interface RunPlan {
  readonly kind: RunKind
  /** What is played, as one line for people. */
  readonly title: string
  /** The same as the options that lead to it. */
  readonly source: string
  readonly run: VerifiedRun
  /** Plays the run in, or goes on with it, and follows it to its end. */
  play (how: PlayContext): Promise<Played>
}

export interface PlayContext extends RunContext {
  readonly platform: Platform
  readonly topology: Topology
  readonly record: RunRecord
  /** Takes the progress as one line. */
  readonly onProgress: (line: string) => void
}

/** What this process saw of the play. */
export interface Played {
  /** Orders that ended or were confirmed. */
  readonly settled: number
  /** Milliseconds from sending an order to its confirmation. */
  readonly latencies: readonly number[]
}
