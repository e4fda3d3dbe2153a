/** Does what is about the same thing one after the other, in this process; what is about others goes on meanwhile. */
export class Turns {
  readonly #ends = new Map<string, Promise<void>>()

  /** Settles as `work` does, which begins when everything that came before it about the same thing has ended, well or not. */
  async take<Value> (name: string, work: () => Promise<Value>): Promise<Value> {
    const mine = (this.#ends.get(name) ?? Promise.resolve()).then(work)
    const end = mine.then(() => {}, () => {})
    this.#ends.set(name, end)
    try {
      return await mine
    } finally {
      if (this.#ends.get(name) === end) this.#ends.delete(name)
    }
  }
}
