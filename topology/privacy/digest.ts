import { createHash } from 'node:crypto'
import { type WrappedKey } from './key-store.ts'

/** SHA-256 in hex of a wrapped key: names what was destroyed, without helping anybody to have it. */
export function digestOf ({ masterKeyId, bytes }: WrappedKey): string {
  return createHash('sha256').update(masterKeyId).update('\0').update(bytes).digest('hex')
}
