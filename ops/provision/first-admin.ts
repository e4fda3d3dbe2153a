import { readFile } from 'node:fs/promises'
import { type Kafka, type StateBackend, isStreamsError } from '#streams'
import { createArgon2Hasher, createIdentityKeys, createIdentityLog, createUserQueries, newMailToken } from '../../api/index.ts'
import { applicationId, commandId, customerKeyId, defaultTenant, encryptPersonal, type KeyProvider, topics, uuidOfCommand } from '../../topology/index.ts'
import { OpsError } from '../errors.ts'
import { type IdentitySettings } from '../identity-settings.ts'
import { loadOrCreateSecret } from '../platform/secret-file.ts'
import { type Report } from './report.ts'

/** The command that makes the first administrator is the same for ever, and so is his id: however often it comes, there is one. */
const firstAdminCommand = commandId('platform', 'first administrator')
export const firstAdminId = uuidOfCommand(firstAdminCommand)

/** How long the token that sets the first password counts, ms. */
const tokenMs = 24 * 3_600_000

export interface FirstAdminOptions {
  readonly kafka: Kafka
  readonly state: StateBackend
  /** Keys of personal data. */
  readonly keys: KeyProvider
  readonly settings: IdentitySettings
  /** Base URL of the API, for the line that says what to do. */
  readonly apiUrl: string
  readonly report: Report
  /** Epoch ms. */
  readonly nowMs: number
}

/**
 * Makes the first administrator, unless there is one with a password. There is no default password: it comes from a file, or it is set with
 * a token that is printed here and nowhere else. The serdes must be bound.
 *
 * @throws {OpsError} OPS_ADMIN_PASSWORD_UNUSABLE for a password file that cannot be read or is too short.
 */
export async function provisionFirstAdmin (options: FirstAdminOptions): Promise<void> {
  const { kafka, state, keys, settings: { admin, secretFile }, apiUrl, report, nowMs } = options
  const emailKey = createIdentityKeys(await loadOrCreateSecret(secretFile, 32)).emailKey(admin.email)
  const found = await look(kafka, state, emailKey)
  if (found !== 'none') return report(sayings[found](admin.email))
  const password = admin.passwordFile === '' ? undefined : await readPassword(admin.passwordFile)
  const token = newMailToken(firstAdminId)
  await createIdentityLog(kafka).append({
    type: 'RegisterUser',
    meta: { commandId: firstAdminCommand, bodyHash: null, issuedAt: nowMs, correlationId: 'provisioning', principal: null, tenant: defaultTenant },
    emailKey,
    userId: firstAdminId,
    email: await encryptPersonal(keys, customerKeyId(firstAdminId), 'contact', { email: admin.email }),
    profile: null,
    passwordHash: password === undefined ? '' : await createArgon2Hasher().hash(password),
    roles: ['Admin'],
    isVerified: true,
    token: password === undefined ? { hash: token.hash, expiresAt: nowMs + tokenMs, sealed: null } : null
  })
  if (password !== undefined) return report(`+ first administrator ${admin.email} (password from ${admin.passwordFile})`)
  report(`+ first administrator ${admin.email}; set the password within 24 hours (12 characters or more), then log in at /v1/auth/login:`)
  report(`  curl -X POST ${apiUrl}/v1/auth/password-reset/confirm -H 'content-type: application/json' -d '{"token":"${token.token}","newPassword":"…"}'`)
}

type Found = 'none' | 'there' | 'taken' | 'unseen'

const sayings: Readonly<Record<Exclude<Found, 'none'>, (email: string) => string>> = {
  there: () => '= first administrator up to date',
  taken: email => `! first administrator: ${email} belongs to another account; set COMMERCE_ADMIN_EMAIL to another address`,
  unseen: () => '! first administrator: not seen while the state of identity is missing or being restored; provision again while the platform runs'
}

/** What there is of him. Where nothing was ever written there is no state to be seen, and no account. */
async function look (kafka: Kafka, state: StateBackend, emailKey: string): Promise<Found> {
  const users = createUserQueries({ backend: state, applicationId })
  try {
    const user = await users.read(firstAdminId)
    if (user !== undefined) return user.status === 'deleted' || user.passwordHash !== '' || user.emailKey !== emailKey ? 'there' : 'none'
    return await users.owner(emailKey) === undefined ? 'none' : 'taken'
  } catch (error) {
    if (!isStreamsError(error, 'STR_STATE_UNAVAILABLE')) throw error
    const { name: topic, partitions } = topics.identity.commands
    const ends = await kafka.endOffsets(Array.from({ length: partitions }, (_, partition) => ({ topic, partition })))
    return [...ends.values()].every(end => end === 0n) ? 'none' : 'unseen'
  }
}

async function readPassword (file: string): Promise<string> {
  let password: string
  try {
    password = (await readFile(file, 'utf8')).replace(/\r?\n$/, '')
  } catch (error) {
    throw new OpsError('OPS_ADMIN_PASSWORD_UNUSABLE', { file, problem: error instanceof Error ? error.message : String(error) }, error)
  }
  if (password.length < 12 || password.length > 200) throw new OpsError('OPS_ADMIN_PASSWORD_UNUSABLE', { file, problem: `it holds ${password.length} characters` })
  return password
}
