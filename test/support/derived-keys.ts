import { hkdfSync } from 'node:crypto'
import { type Keyring } from '../../topology/privacy/keyring.ts'

/**
 * Data keys derived from 32 bytes: two with the same bytes read what the other wrote. What is destroyed is remembered by this one only.
 */
export function derivedKeys (seed: Buffer): Keyring {
  const destroyed = new Set<string>()
  const keyOf = async (keyId: string): Promise<Buffer | null> => {
    return destroyed.has(keyId) ? null : Buffer.from(hkdfSync('sha256', seed, 'commerce.personal', keyId, 32))
  }
  return {
    dataKey: keyOf,
    findKey: keyOf,
    destroy: async keyId => {
      destroyed.add(keyId)
      return { destroyedAt: 0, digest: '0'.repeat(64) }
    },
    drop: () => {}
  }
}
