import { createHash } from 'node:crypto'

/** A seeded source of numbers: the same seed gives the same sequence on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  unit (): number
  /** Uniform integer in [min, max]. */
  integer (min: number, max: number): number
  /** Log-normal with that median and sigma (of the logarithm). */
  logNormal (median: number, sigma: number): number
}

/**
 * xoshiro128** seeded from SHA-256 of the text.
 *
 * @source Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2018)
 */
export function createRandom (seed: string): Random {
  const digest = createHash('sha256').update(seed).digest()
  let [a, b, c, d] = [digest.readUInt32LE(0), digest.readUInt32LE(4), digest.readUInt32LE(8), digest.readUInt32LE(12) | 1]
  const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits))
  const unit = (): number => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = rotate(d, 11)
    return result / 0x1_0000_0000
  }
  return {
    unit,
    integer: (min, max) => min + Math.floor(unit() * (max - min + 1)),
    logNormal: (median, sigma) => {
      const normal = Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit())
      return median * Math.exp(sigma * normal)
    }
  }
}
