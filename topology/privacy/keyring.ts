import { randomBytes } from 'node:crypto'
import { type Clock } from '../../streams/time/clock.ts'
import { type KeyProvider } from '../personal.ts'
import { type DestroyedKey, type KeyRow, type KeyStore, type MasterKeys, type WrappedKey } from './key-store.ts'

export interface KeyringOptions {
  readonly store: KeyStore
  readonly masterKeys: MasterKeys
  readonly clock: Pick<Clock, 'now'>
  /** Keys in memory at most; the one that was not used for longest goes. @default 10000 */
  readonly maxCached?: number
  /** Longest use of a key in memory without a look at the store, ms: so long may a process that is told of nothing not notice. @default 60000 */
  readonly maxAgeMs?: number
}

/** The data keys of a process, which can be destroyed. */
export interface Keyring extends KeyProvider {
  /** Destroys a key for good, here and in the store; repeated it answers the same. @throws {KeysUnavailable} */
  destroy (keyId: string): Promise<DestroyedKey>
  /** Forgets a key that another process destroyed. */
  drop (keyId: string): void
}

interface Cached { readonly dataKey: Buffer, readonly wrapped: WrappedKey, readonly checkedAtMs: number }

const dataKeyBytes = 32

/**
 * Data keys by id: random, wrapped by a master key, stored, and held in memory while they are used. A key in memory costs a look into a map; an
 * older one a read of its row; only a new one, or one that was wrapped again, the master key.
 */
export function createKeyring (options: KeyringOptions): Keyring {
  return new CachingKeyring(options)
}

class CachingKeyring implements Keyring {
  readonly #options: Required<KeyringOptions>
  readonly #cached = new Map<string, Cached>()
  readonly #reading = new Map<string, Promise<Buffer | null>>()
  /** Counts what was dropped: a reading that began before must not bring it back. */
  #drops = 0

  constructor (options: KeyringOptions) {
    this.#options = { maxCached: 10_000, maxAgeMs: 60_000, ...options }
  }

  async dataKey (keyId: string): Promise<Buffer | null> {
    if (keyId === '') throw new RangeError('a data key needs an id')
    return this.#fresh(keyId) ?? await this.#once(`make ${keyId}`, async () => {
      const found = await this.#find(keyId)
      return found === undefined ? await this.#make(keyId) : found
    })
  }

  async findKey (keyId: string): Promise<Buffer | null> {
    return this.#fresh(keyId) ?? await this.#once(`find ${keyId}`, async () => await this.#find(keyId) ?? null)
  }

  async destroy (keyId: string): Promise<DestroyedKey> {
    this.drop(keyId)
    try {
      return await this.#options.store.destroy(keyId, this.#options.clock.now())
    } finally {
      this.drop(keyId)
    }
  }

  drop (keyId: string): void {
    this.#drops++
    this.#cached.delete(keyId)
    // Who asks from now on does not join a reading that began before.
    for (const purpose of ['make', 'find']) this.#reading.delete(`${purpose} ${keyId}`)
  }

  /** A key that was looked at lately; it becomes the newest. */
  #fresh (keyId: string): Buffer | undefined {
    const cached = this.#cached.get(keyId)
    if (cached === undefined || cached.checkedAtMs + this.#options.maxAgeMs <= this.#options.clock.now()) return undefined
    this.#cached.delete(keyId)
    this.#cached.set(keyId, cached)
    return cached.dataKey
  }

  /** Many ask for a key at once; the store is asked once. */
  async #once (name: string, read: () => Promise<Buffer | null>): Promise<Buffer | null> {
    const running = this.#reading.get(name)
    if (running !== undefined) return await running
    const reading: Promise<Buffer | null> = read().finally(() => { if (this.#reading.get(name) === reading) this.#reading.delete(name) })
    this.#reading.set(name, reading)
    return await reading
  }

  /** What the store has; undefined = nothing, null = it was destroyed. */
  async #find (keyId: string): Promise<Buffer | null | undefined> {
    return await this.#open(keyId, async () => await this.#options.store.read(keyId), this.#cached.get(keyId))
  }

  async #make (keyId: string): Promise<Buffer | null> {
    const { store, masterKeys } = this.#options
    const dataKey = randomBytes(dataKeyBytes)
    const wrapped = await masterKeys.wrap(keyId, dataKey)
    return await this.#open(keyId, async () => await store.create(keyId, wrapped), { dataKey, wrapped }) ?? null
  }

  /** The key of a row; `known` is one that needs no master key to be opened. */
  async #open (keyId: string, read: () => Promise<KeyRow | undefined>, known: Pick<Cached, 'dataKey' | 'wrapped'> | undefined): Promise<Buffer | null | undefined> {
    const drops = this.#drops
    const row = await read()
    if (row === undefined) return undefined
    if (row.kind === 'destroyed') {
      this.drop(keyId)
      return null
    }
    const isKnown = known !== undefined && known.wrapped.masterKeyId === row.key.masterKeyId && known.wrapped.bytes.equals(row.key.bytes)
    const dataKey = isKnown ? known.dataKey : await this.#options.masterKeys.unwrap(keyId, row.key)
    if (drops === this.#drops) this.#keep(keyId, { dataKey, wrapped: row.key, checkedAtMs: this.#options.clock.now() })
    return dataKey
  }

  #keep (keyId: string, entry: Cached): void {
    this.#cached.delete(keyId)
    this.#cached.set(keyId, entry)
    const oldest = this.#cached.keys().next().value
    if (this.#cached.size > this.#options.maxCached && oldest !== undefined) this.#cached.delete(oldest)
  }
}
