/** How long everything may take to end when it is asked to, ms: longer than a transaction and an insert. */
export const endingMs = 80_000

/** Things to end, in reverse order of their start: each is ended once, and one that fails does not keep the others from it. */
export interface Closers {
  add (name: string, close: () => Promise<unknown>): void
  /** Ends everything added so far; safe to call twice. Returns what failed. */
  closeAll (): Promise<ReadonlyArray<{ readonly name: string, readonly error: unknown }>>
}

export function createClosers (): Closers {
  const open: Array<{ readonly name: string, readonly close: () => Promise<unknown> }> = []
  const failures: Array<{ readonly name: string, readonly error: unknown }> = []
  let closing: Promise<void> | undefined
  const run = async (): Promise<void> => {
    for (let last = open.pop(); last !== undefined; last = open.pop()) {
      try {
        await last.close()
      } catch (error) {
        failures.push({ name: last.name, error })
      }
    }
  }
  return {
    add: (name, close) => { open.push({ name, close }) },
    async closeAll () {
      await (closing ??= run())
      return failures
    }
  }
}
