/** The only source of time in the runtime. Handlers never see it: they get `context.nowMs`. */
export interface Clock {
  /** Epoch milliseconds. */
  now (): number
  /** Resolves after `ms`, or rejects with the signal's reason when it aborts first. */
  sleep (ms: number, signal?: AbortSignal): Promise<void>
  /** Calls back once after `ms`; the returned function cancels it. */
  schedule (ms: number, callback: () => void): () => void
}
