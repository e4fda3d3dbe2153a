import { type LogPosition } from './position.ts'

/** Writes remembered at most; the oldest are forgotten first. */
const maxWrites = 1_000

/** Where the newest write of this process about each thing lies, until it can be read: for readers that come before it is. */
export class OwnWrites {
  readonly #writes = new Map<string, LogPosition>()

  wrote (name: string, position: LogPosition): void {
    this.#writes.delete(name)
    if (this.#writes.size >= maxWrites) this.#writes.delete(this.#writes.keys().next().value as string)
    this.#writes.set(name, position)
  }

  of (name: string): LogPosition | undefined {
    return this.#writes.get(name)
  }

  /** Forgets that write, unless there is a newer one. */
  settled (name: string, position: LogPosition): void {
    if (this.#writes.get(name) === position) this.#writes.delete(name)
  }
}
