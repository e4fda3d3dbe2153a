import { type KeyStore, type MasterKeys } from './key-store.ts'

/** What a pass over all keys did. */
export interface RewrapReport {
  /** Keys that were wrapped again. */
  readonly rewrapped: number
  /** Keys that the newest master key had wrapped already. */
  readonly current: number
  /** Persons whose key is destroyed. */
  readonly destroyed: number
}

/**
 * Wraps every data key with the newest master key. What was encrypted with the data keys is not touched; processes go on meanwhile, for both master
 * keys open. Cut short, it is simply done again. Afterwards nothing needs the older master key: without it, every old copy of the key store is worth nothing.
 */
export async function rewrapKeys (store: KeyStore, masterKeys: MasterKeys): Promise<RewrapReport> {
  const newest = await masterKeys.newest()
  const count = { rewrapped: 0, current: 0, destroyed: 0 }
  for await (const { keyId, row } of store.list()) {
    if (row.kind === 'destroyed') count.destroyed++
    else if (row.key.masterKeyId === newest) count.current++
    else {
      await store.rewrap(keyId, await masterKeys.wrap(keyId, await masterKeys.unwrap(keyId, row.key)))
      count.rewrapped++
    }
  }
  return count
}

/** Ids of the master keys that data keys still need, with how many. */
export async function masterKeysInUse (store: KeyStore): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>()
  for await (const { row } of store.list()) {
    if (row.kind === 'live') counts.set(row.key.masterKeyId, (counts.get(row.key.masterKeyId) ?? 0) + 1)
  }
  return counts
}
