import { createHash, randomBytes } from 'node:crypto'
import { seal, unseal } from './aes-gcm.ts'
import { KeysUnavailable, type MasterKeys } from './key-store.ts'

/** A master key of our own: 32 random bytes. */
export interface MasterKey { readonly id: string, readonly bytes: Buffer }

/** The master key of those bytes: its id tells nothing about them. */
export function masterKeyOf (bytes: Buffer): MasterKey {
  if (bytes.length !== 32) throw new RangeError('the master key must have 32 bytes')
  return { id: `local:${createHash('sha256').update('master key id').update(bytes).digest('hex').slice(0, 16)}`, bytes }
}

const nonceBytes = 12

/**
 * Master keys that this process holds itself: for development, or where a file is protected well enough. `read` gives all that count, oldest first,
 * and the last one wraps; it is asked for every new key and for every master key that is not known yet, so a rotation is seen at once.
 */
export function createLocalMasterKeys (read: () => Promise<readonly MasterKey[]>): MasterKeys {
  let known: readonly MasterKey[] = []
  const look = async (): Promise<MasterKey> => {
    try {
      known = await read()
    } catch (error) {
      throw new KeysUnavailable('the master keys cannot be read', { cause: error })
    }
    const newest = known.at(-1)
    if (newest === undefined) throw new KeysUnavailable('there is no master key')
    return newest
  }
  return {
    wrap: async (keyId, dataKey) => {
      const { id, bytes } = await look()
      // Random: a master key seals far fewer keys than the 2^32 after which such nonces may meet.
      return { masterKeyId: id, bytes: seal(bytes, randomBytes(nonceBytes), keyId, dataKey) }
    },
    unwrap: async (keyId, { masterKeyId, bytes }) => {
      if (!known.some(({ id }) => id === masterKeyId)) await look()
      const master = known.find(({ id }) => id === masterKeyId)
      if (master === undefined) throw new KeysUnavailable(`the master key ${masterKeyId} is not there`)
      try {
        return unseal(master.bytes, keyId, bytes)
      } catch (error) {
        throw new KeysUnavailable('a wrapped key was changed, or belongs to another id', { cause: error })
      }
    },
    newest: async () => (await look()).id
  }
}
