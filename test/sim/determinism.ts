import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { Random } from './random.ts'

let random = new Random(0)

/**
 * Makes the random ids of this thread follow from the seed: the runtime asks `node:crypto` for the id of each acquisition, and for
 * nothing else. With it everything that is in the logs is the same at every run. Call it before each run, before anything is imported first.
 */
export function seedRandomIds (seed: number): void {
  random = new Random(seed, 5)
  if (crypto.randomUUID === uuid) return
  crypto.randomUUID = uuid
  syncBuiltinESMExports()
}

function uuid (): `${string}-${string}-${string}-${string}-${string}` {
  const hex = Array.from({ length: 4 }, () => random.between(0, 0xFFFFFFFF).toString(16).padStart(8, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
