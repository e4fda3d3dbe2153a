import { randomUUID } from 'node:crypto'
import { type CryptoKey, type JWK, SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, jwtVerify } from 'jose'
import { type StoredKey, type TokenKeys, publicPart, tokenAlgorithm } from './keyring.ts'
import { type Permission, type Principal, type Role, isPermission, isRole, principalOf } from './permissions.ts'

/** What every token must say. */
export interface TokenRules {
  readonly issuer: string
  readonly audience: string
}

/** Checks a token. Rejects for every token that is not valid now; the reason is not for the client. */
export type TokenVerifier = (token: string) => Promise<{ readonly principal: Principal, readonly expiresAtS: number }>

/** @source RFC 9068: an access token says that it is one, so that no other token of ours is taken for it. */
const tokenType = 'at+jwt'

/** Makes a private key, to be stored. Its public part is inside; its id is its thumbprint (RFC 7638). Signs from the beginning of time. */
export async function generateTokenKey (): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair(tokenAlgorithm, { crv: 'Ed25519', extractable: true })
  const key = { ...await exportJWK(privateKey), alg: tokenAlgorithm, use: 'sig' }
  return { ...key, kid: await tokenKeyId(key), activeFromS: 0 }
}

/** The id of a key that has none: its thumbprint (RFC 7638). */
export async function tokenKeyId (key: JWK): Promise<string> {
  return await calculateJwkThumbprint(key)
}

/** The part of a private key that verifiers may know. */
export function publicTokenKey (key: JWK): JWK {
  return publicPart(key)
}

export interface TokenContent {
  readonly subject: string
  readonly roles: readonly Role[]
  /** Permissions of a service account. @default [] */
  readonly grants?: readonly Permission[]
  /** Life of the token, seconds. */
  readonly ttlS: number
}

/** Signs an access token with a private key. */
export async function signToken (key: StoredKey, rules: TokenRules, content: TokenContent): Promise<string> {
  const nowS = Math.floor(Date.now() / 1000)
  return await new SignJWT({ roles: content.roles, ...(content.grants === undefined ? {} : { permissions: content.grants }) })
    .setProtectedHeader({ alg: tokenAlgorithm, typ: tokenType, kid: key.kid })
    .setSubject(content.subject)
    .setIssuer(rules.issuer)
    .setAudience(rules.audience)
    .setJti(randomUUID())
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + content.ttlS)
    .sign(await importJWK(key, tokenAlgorithm) as CryptoKey)
}

/** Verified tokens are remembered until they expire: a signature costs more than the rest of a request. */
const maxRemembered = 10_000

interface Remembered { readonly principal: Principal, readonly expiresAtS: number, readonly kid: string }

/**
 * A verifier for tokens of those keys. A token counts when its header names one of them and our one algorithm, its signature is right, and
 * issuer, audience, type, subject, expiry are what they must be. A key that is withdrawn takes its tokens along within seconds.
 */
export function createTokenVerifier (keys: TokenKeys, rules: TokenRules): TokenVerifier {
  const remembered = new Map<string, Remembered>()
  return async token => {
    await keys.refresh()
    const known = remembered.get(token)
    if (known !== undefined && known.expiresAtS > Date.now() / 1000 && keys.verifying(known.kid) !== undefined) return known
    remembered.delete(token)
    const verified = await verify(token, keys, rules)
    if (remembered.size >= maxRemembered) remembered.clear()
    remembered.set(token, verified)
    return verified
  }
}

async function verify (token: string, keys: TokenKeys, rules: TokenRules): Promise<Remembered> {
  const { payload, protectedHeader } = await jwtVerify(token, ({ kid }) => {
    const key = kid === undefined ? undefined : keys.verifying(kid)
    if (key === undefined) throw new Error('the token names no key of ours')
    return key
  }, { ...rules, algorithms: [tokenAlgorithm], typ: tokenType, requiredClaims: ['sub', 'exp', 'iat', 'iss', 'aud'] })
  if (payload.sub === '') throw new Error('the token names nobody')
  const given = listOf(payload['roles'], isRole)
  const principal = principalOf(payload.sub as string, given, listOf(payload['permissions'], isPermission))
  return { principal, expiresAtS: payload.exp as number, kid: protectedHeader.kid as string }
}

function listOf<T> (claim: unknown, is: (entry: unknown) => entry is T): readonly T[] {
  return Array.isArray(claim) ? claim.filter(is) : []
}
