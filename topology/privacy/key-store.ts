/** A data key as it is stored: encrypted with a master key. Worth nothing without that. */
export interface WrappedKey {
  /** Id of the master key that opens it. */
  readonly masterKeyId: string
  readonly bytes: Buffer
}

/** What stands where a data key was: for ever, so that no other one is made under its id. */
export interface DestroyedKey {
  /** Epoch ms. */
  readonly destroyedAt: number
  /** SHA-256 in hex of the wrapped bytes that were destroyed; null = there was no key under the id. */
  readonly digest: string | null
}

/** What there is under the id of a data key. */
export type KeyRow = { readonly kind: 'live', readonly key: WrappedKey } | { readonly kind: 'destroyed' } & DestroyedKey

/**
 * Where wrapped data keys lie, one row each. Not in the log: a row has to go for good, and a compacted topic, its changelog copies and their backups
 * keep what was once written. Every promise of erasure stands on this port.
 *
 * Guarantee: what `create` answered survives a crash; after `destroy` answered, no call gives the key again, in whatever order others run, and
 * the row's bytes are gone from where the store keeps them. Safe for several processes at once.
 *
 * @throws {KeysUnavailable} when the store does not answer, or holds what is no key.
 */
export interface KeyStore {
  /** The row under that id; undefined = there never was one. */
  read (keyId: string): Promise<KeyRow | undefined>
  /** Stores a key under an id that has none. Answers what is there afterwards: of two who create at once both get the first one's. */
  create (keyId: string, key: WrappedKey): Promise<KeyRow>
  /** Puts another wrapping of the same key in its place. A destroyed key stays destroyed. */
  rewrap (keyId: string, key: WrappedKey): Promise<void>
  /** Destroys the key, or forbids that one is ever made. Repeated, it answers the first time and digest. */
  destroy (keyId: string, nowMs: number): Promise<DestroyedKey>
  /** Every row, in no order. A row that comes or goes meanwhile may be left out. */
  list (): AsyncIterable<{ readonly keyId: string, readonly row: KeyRow }>
}

/**
 * Wraps data keys with a master key, which never leaves it: a key management service, or a file for development.
 *
 * @throws {KeysUnavailable} when it does not answer, or does not know the master key (any more).
 */
export interface MasterKeys {
  /** Encrypts a data key (32 bytes) with the newest master key; the id of the data key is authenticated. */
  wrap (keyId: string, dataKey: Buffer): Promise<WrappedKey>
  /** @throws {KeysUnavailable} when the bytes were changed, or belong to another id. */
  unwrap (keyId: string, key: WrappedKey): Promise<Buffer>
  /** Id of the master key that wraps now: what is wrapped with another one should be wrapped again. */
  newest (): Promise<string>
}

/** Keys cannot be had now: nothing personal can be read or written, and nothing was. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
  readonly code = 'KEYS_UNAVAILABLE'
}
