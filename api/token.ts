import { type CryptoKey, type JWK, SignJWT, exportJWK, generateKeyPair, importJWK, jwtVerify } from 'jose'
import { type Permission, type Principal, type Role, isPermission, isRole, principalOf } from './permissions.ts'

/** @source RFC 8037: EdDSA over Ed25519. */
const algorithm = 'EdDSA'

/** What every token must say. */
export interface TokenRules {
  readonly issuer: string
  readonly audience: string
}

/** Checks a token. Rejects for every token that is not valid now; the reason is not for the client. */
export type TokenVerifier = (token: string) => Promise<{ readonly principal: Principal, readonly expiresAtS: number }>

/** Makes a private key, as a JWK to be stored. Its public part is inside. */
export async function generateTokenKey (): Promise<JWK> {
  const { privateKey } = await generateKeyPair(algorithm, { crv: 'Ed25519', extractable: true })
  return { ...await exportJWK(privateKey), alg: algorithm, use: 'sig' }
}

/** The part of a private key that verifiers may know. */
export function publicTokenKey (key: JWK): JWK {
  const { d, ...open } = key
  return open
}

export interface TokenContent {
  readonly subject: string
  readonly role: Role
  /** Permissions of a service account. @default [] */
  readonly grants?: readonly Permission[]
  /** Life of the token, seconds. */
  readonly ttlS: number
}

/** Signs an access token with a private key. */
export async function signToken (key: JWK, rules: TokenRules, content: TokenContent): Promise<string> {
  const nowS = Math.floor(Date.now() / 1000)
  return await new SignJWT({ roles: [content.role], ...(content.grants === undefined ? {} : { permissions: content.grants }) })
    .setProtectedHeader({ alg: algorithm, typ: 'at+jwt' })
    .setSubject(content.subject)
    .setIssuer(rules.issuer)
    .setAudience(rules.audience)
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + content.ttlS)
    .sign(await imported(key))
}

/** A verifier for tokens signed with that key: signature, algorithm, issuer, audience, expiry and known roles are checked. */
export async function createTokenVerifier (key: JWK, rules: TokenRules): Promise<TokenVerifier> {
  const publicKey = await imported(publicTokenKey(key))
  return async token => {
    const { payload } = await jwtVerify(token, publicKey, { ...rules, algorithms: [algorithm], requiredClaims: ['sub', 'exp', 'iat'] })
    const given = listOf(payload['roles'], isRole)
    return { principal: principalOf(payload.sub as string, given, listOf(payload['permissions'], isPermission)), expiresAtS: payload.exp as number }
  }
}

function listOf<T> (claim: unknown, is: (entry: unknown) => entry is T): readonly T[] {
  return Array.isArray(claim) ? claim.filter(is) : []
}

async function imported (key: JWK): Promise<CryptoKey> {
  return await importJWK(key, algorithm) as CryptoKey
}
