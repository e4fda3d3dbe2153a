import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits: nobody guesses one, so one round of SHA-256 is enough to keep it by. */
const secretBytes = 32

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const refreshFormat = new RegExp(`^cr_(${uuid})\\.([\\w-]{22})\\.[\\w-]{43}$`)
const mailFormat = new RegExp(`^cm_(${uuid})\\.[\\w-]{43}$`)

/** A token that means nothing to its holder. The user id in it is the way to the one who can check it; the hash is all that is kept. */
export interface OpaqueToken { readonly userId: string, readonly token: string, readonly hash: string }

/** A token of a session. The id of the session is in it, and known to nobody who never held one of its tokens. */
export interface RefreshToken extends OpaqueToken { readonly sessionId: string }

/** The first token of a new session, or the next one of a session there is. */
export function newRefreshToken (userId: string, sessionId = randomBytes(16).toString('base64url')): RefreshToken {
  const token = `cr_${userId}.${sessionId}.${newSecret()}`
  return { userId, sessionId, token, hash: hashToken(token) }
}

/** A token that is sent to a person, for one use. */
export function newMailToken (userId: string): OpaqueToken {
  const token = `cm_${userId}.${newSecret()}`
  return { userId, token, hash: hashToken(token) }
}

/** The secret of a service account. */
export function newClientSecret (): { readonly secret: string, readonly hash: string } {
  const secret = `cs_${newSecret()}`
  return { secret, hash: hashToken(secret) }
}

/** Reads a refresh token; undefined when it is none. Says nothing of whether it counts. */
export function parseRefreshToken (token: string): RefreshToken | undefined {
  const [, userId, sessionId] = refreshFormat.exec(token) ?? []
  return userId === undefined || sessionId === undefined ? undefined : { userId, sessionId, token, hash: hashToken(token) }
}

/** Reads a token from a mail; undefined when it is none. */
export function parseMailToken (token: string): OpaqueToken | undefined {
  const userId = mailFormat.exec(token)?.[1]
  return userId === undefined ? undefined : { userId, token, hash: hashToken(token) }
}

/** What is kept of a token: SHA-256, hex. */
export function hashToken (token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

function newSecret (): string {
  return randomBytes(secretBytes).toString('base64url')
}
