import { type DestroyedKey, type KeyRow, type KeyStore, type WrappedKey } from './key-store.ts'
import { digestOf } from './digest.ts'

/** A key store in memory: for the provider that keeps nothing, and for tests. */
export function createMemoryKeyStore (): KeyStore {
  const rows = new Map<string, KeyRow>()
  return {
    read: async keyId => rows.get(keyId),
    create: async (keyId, key) => {
      const row: KeyRow = rows.get(keyId) ?? { kind: 'live', key }
      rows.set(keyId, row)
      return row
    },
    rewrap: async (keyId: string, key: WrappedKey) => {
      if (rows.get(keyId)?.kind === 'live') rows.set(keyId, { kind: 'live', key })
    },
    destroy: async (keyId, nowMs): Promise<DestroyedKey> => {
      const row = rows.get(keyId)
      if (row?.kind === 'destroyed') return { destroyedAt: row.destroyedAt, digest: row.digest }
      const destroyed: DestroyedKey = { destroyedAt: nowMs, digest: row === undefined ? null : digestOf(row.key) }
      rows.set(keyId, { kind: 'destroyed', ...destroyed })
      row?.key.bytes.fill(0)
      return destroyed
    },
    list: async function * () {
      for (const [keyId, row] of [...rows]) yield { keyId, row }
    }
  }
}
