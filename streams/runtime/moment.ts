/** Where a cycle is in time, for all that works on it. */
export interface Moment {
  /** Context time so far, epoch ms: it never goes back. */
  contextTimeMs: number
  /** Broker-corrected time at which the cycle runs, epoch ms. */
  nowMs: number
}
