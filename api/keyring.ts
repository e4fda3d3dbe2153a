import { type CryptoKey, type JWK, importJWK } from 'jose'
import { type Clock } from '../streams/time/clock.ts'

/** @source RFC 8037: EdDSA over Ed25519. */
export const tokenAlgorithm = 'EdDSA'

/** A key that signs access tokens, as it is stored: a private JWK with its id and the moment from which on it signs. */
export interface StoredKey extends JWK {
  readonly kid: string
  /** Epoch seconds. Verifiers know the key before: nobody is shown a token whose key he cannot know. */
  readonly activeFromS: number
}

/** How long before it signs a new key is known to verifiers, seconds: longer than any of them goes without looking. */
export const keyLeadS = 60

/** How long a verifier goes without looking at the keys, ms. */
export const keyCheckMs = 5000

/** The key that signs at that moment: the newest that is active; the oldest, where none is yet. */
export function signingKey (keys: readonly StoredKey[], nowS: number): StoredKey | undefined {
  const byAge = keys.toSorted((a, b) => a.activeFromS - b.activeFromS)
  return byAge.findLast(key => key.activeFromS <= nowS) ?? byAge[0]
}

/** The keys whose tokens may still be alive, or may be met soon, oldest first. A key is good as long as the last token it can have signed. */
export function liveKeys (keys: readonly StoredKey[], nowS: number, ttlS: number): readonly StoredKey[] {
  const byAge = keys.toSorted((a, b) => a.activeFromS - b.activeFromS)
  return byAge.filter((_, index) => {
    const successor = byAge[index + 1]
    return successor === undefined || nowS < successor.activeFromS + ttlS + keyLeadS
  })
}

/** What a rotation makes of the keys: the new one joins, those that are dead go. Undefined = one is under way: a third key would be needed. */
export function rotateKeys (keys: readonly StoredKey[], made: StoredKey, nowS: number, ttlS: number): readonly StoredKey[] | undefined {
  const live = liveKeys(keys, nowS, ttlS)
  return live.length > 1 ? undefined : [...live, { ...made, activeFromS: live.length === 0 ? nowS : nowS + keyLeadS }]
}

/** The part of a key that verifiers may know. */
export function publicPart ({ kty, crv, x, kid, alg, use }: JWK): JWK {
  return Object.fromEntries(Object.entries({ kty, crv, x, kid, alg, use }).filter(([, value]) => value !== undefined)) as JWK
}

/** The keys of a running process, which may change under it. */
export interface TokenKeys {
  /** Looks at the keys again when it has not done so for a while. Keys that cannot be read leave those that are known. */
  refresh (): Promise<void>
  /** The key that signs now. @throws {Error} when there is none */
  signing (): StoredKey
  /** The key of that id, while its tokens count; undefined = no such key. */
  verifying (kid: string): CryptoKey | undefined
  /** Every key that counts, public part only. */
  published (): readonly JWK[]
}

export interface TokenKeysOptions {
  /** Reads the keys as they are stored now. */
  readonly read: () => Promise<readonly StoredKey[]>
  readonly clock: Pick<Clock, 'now'>
  /** Longest life of a token, seconds. */
  readonly ttlS: number
  /** Told of keys that cannot be read. */
  readonly onError?: (error: unknown) => void
}

/** Keys that are looked at again every few seconds. Rejects when they cannot be read at first. */
export async function openTokenKeys ({ read, clock, ttlS, onError = () => {} }: TokenKeysOptions): Promise<TokenKeys> {
  const imported = new Map<string, CryptoKey>()
  let keys: readonly StoredKey[] = []
  let lookedAt = 0
  let looking: Promise<void> | undefined

  async function look (): Promise<void> {
    const found = await read()
    for (const key of found) if (!imported.has(key.kid)) imported.set(key.kid, await importJWK(publicPart(key), tokenAlgorithm) as CryptoKey)
    keys = found
  }
  const live = (): readonly StoredKey[] => liveKeys(keys, clock.now() / 1000, ttlS)

  await look()
  lookedAt = clock.now()
  return {
    refresh: async () => {
      if (clock.now() - lookedAt < keyCheckMs) return
      looking ??= look().catch(onError).finally(() => {
        lookedAt = clock.now()
        looking = undefined
      })
      await looking
    },
    signing: () => {
      const key = signingKey(keys, clock.now() / 1000)
      if (key === undefined) throw new Error('there is no key to sign with')
      return key
    },
    verifying: kid => live().some(key => key.kid === kid) ? imported.get(kid) : undefined,
    published: () => live().map(publicPart)
  }
}
