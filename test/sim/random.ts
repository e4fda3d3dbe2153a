/**
 * Random numbers of a seed: the same seed gives the same numbers, on every machine. Two generators of one seed with different streams have
 * nothing to do with each other.
 *
 * @source sfc32 of PractRand (Chris Doty-Humphrey), seeded by splitmix32
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor (seed: number, stream = 0) {
    let state = (Math.imul(seed, 0x9E3779B1) ^ Math.imul(stream + 1, 0x85EBCA6B)) | 0
    const word = (): number => {
      state = (state + 0x9E3779B9) | 0
      let mixed = Math.imul(state ^ (state >>> 16), 0x21F0AAAD)
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735A2D97)
      return (mixed ^ (mixed >>> 15)) >>> 0
    }
    this.#a = word()
    this.#b = word()
    this.#c = word()
    for (let round = 0; round < 12; round++) this.next()
  }

  /** From 0 inclusive to 1 exclusive. */
  next (): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum | 0
    return (sum >>> 0) / 4294967296
  }

  /** A whole number from `from` to `to`, both inclusive. */
  between (from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  /** True so often: 0 = never, 1 = always. */
  chance (share: number): boolean {
    return this.next() < share
  }

  /** One of a list that is not empty. */
  pick<T> (list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T
  }

  /** A name, as often as its weight says among all. */
  weighted<Name extends string> (weights: Readonly<Record<Name, number>>): Name {
    const names = Object.keys(weights) as Name[]
    let at = this.next() * names.reduce((sum, name) => sum + weights[name], 0)
    return names.find(name => (at -= weights[name]) < 0) ?? names.at(-1) as Name
  }
}
