import { setImmediate as turn } from 'node:timers/promises'
import { type Test } from 'tap'
import { createStateUserQueries } from '../../api/adapters/state-user-queries.ts'
import { createIdentityKeys } from '../../api/identity/identity-keys.ts'
import { createArgon2Hasher } from '../../api/identity/passwords.ts'
import { type IdentityServices } from '../../api/identity/ports.ts'
import { type Role } from '../../api/index.ts'
import { type AuthLimits } from '../../api/routes/v1/auth/index.ts'
import { type UserState } from '../../schemas/index.ts'
import { createStateQuery, hasProcessed } from '../../streams/state/query.ts'
import { type Piped, type TestDriver, createTestDriver } from '../../streams/testing/index.ts'
import { createIdentityProcessor, identityKeyOf, identityName, userStore } from '../../topology/identity/process-identity.ts'
import { decryptPersonal } from '../../topology/personal.ts'
import { type IdentityCommand, topics } from '../../topology/topics.ts'
import { bindMemoryCodec } from './bind-codec.ts'
import { type ApiUnderTest, buildApi, testTokenKeys, testTokenRules } from './build-app.ts'
import { derivedKeys } from './derived-keys.ts'

/** An answer of the API. */
export interface IdentityAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Readonly<Record<string, unknown>>
}

/** What an answered login brings. */
export interface Tokens { readonly accessToken: string, readonly refreshToken: string }

export const password = 'correct horse battery'
export const email = 'Ada@Example.com'

/** The API over the real identity processor, which has decided on a command before its position is known. */
export interface IdentityUnderTest {
  readonly api: ApiUnderTest
  readonly driver: TestDriver
  /** Every command that the API wrote, in order. */
  readonly commands: readonly IdentityCommand[]
  readonly services: IdentityServices
  post (path: string, body: unknown, options?: { readonly token?: string, readonly from?: string, readonly method?: 'POST' | 'PUT' | 'DELETE' }): Promise<IdentityAnswer>
  get (path: string, token?: string): Promise<IdentityAnswer>
  /** Mails of that template so far, with their tokens in the clear. */
  mails (template: string): Promise<ReadonlyArray<{ readonly userId: string, readonly to: string, readonly token: string }>>
  user (userId: string): Promise<UserState | undefined>
  /** A user who can log in. Returns his id. */
  settle (options?: { readonly email?: string }): Promise<string>
  /** Logs in; fails the test when that is refused. */
  logIn (options?: { readonly email?: string }): Promise<Tokens>
  token (role: Role, subject?: string): Promise<string>
}

const generous: AuthLimits = { account: { max: 1000, windowMs: 60_000 }, address: { max: 1000, windowMs: 60_000 } }

/** Builds it; everything ends with the test. Passwords are hashed with the least work there is. */
export async function buildIdentity (t: Test, { limits = generous, beforeAnswer = async () => {} }: {
  readonly limits?: AuthLimits
  /** Runs when a command was decided on, before the API hears of it: may throw, as a connection that is lost. */
  readonly beforeAnswer?: (command: IdentityCommand) => Promise<void>
} = {}): Promise<IdentityUnderTest> {
  await bindMemoryCodec()
  const processor = createIdentityProcessor()
  const driver = await createTestDriver({ nodes: [processor], startMs: 1_700_000_000_000 })
  t.teardown(async () => { await driver.close() })
  const keys = derivedKeys(Buffer.alloc(32, 7))
  const commands: IdentityCommand[] = []
  const query = createStateQuery({ backend: driver.backend, applicationId: 'driver' })
  /** The state follows the log a turn later. */
  const applied = async ({ partition, offset }: Piped): Promise<void> => {
    for (let turns = 0; turns < 1000; turns++) {
      const answer = await query.get(identityName, partition, [])
      if (answer.status === 'ready' && hasProcessed(answer.progress, { topic: topics.identity.commands.name, offset })) return
      await turn()
    }
    throw new Error(`the state of partition ${partition} does not come to offset ${offset}`)
  }
  let last: Promise<unknown> = Promise.resolve()
  const services: IdentityServices = {
    users: createStateUserQueries({ backend: driver.backend, applicationId: 'driver' }),
    log: {
      append: async command => {
        const sent = last.then(async () => {
          commands.push(command)
          const place = await driver.pipe(topics.identity.commands, identityKeyOf(command), command)
          await driver.run()
          await applied(place)
          await beforeAnswer(command)
          return { topic: topics.identity.commands.name, ...place }
        })
        last = sent.catch(() => {})
        return await sent
      }
    },
    keys: createIdentityKeys(Buffer.alloc(32, 9)),
    passwords: createArgon2Hasher({ memoryKiB: 8, passes: 1 }),
    tokens: { keys: testTokenKeys, rules: testTokenRules, ttlS: 900 }
  }
  const api = await buildApi(t, { identity: services, authLimits: limits })

  const send = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body: unknown, token?: string, from?: string): Promise<IdentityAnswer> => {
    const answer = await api.app.inject({
      method,
      url: `/v1/${path}`,
      ...(body === undefined ? {} : { payload: body as object }),
      ...(from === undefined ? {} : { remoteAddress: from }),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` }
    })
    return { status: answer.statusCode, headers: answer.headers, body: answer.body === '' ? {} : answer.json() }
  }
  const letters: Array<{ readonly template: string, readonly userId: string, readonly to: string, readonly token: string }> = []
  const identity: IdentityUnderTest = {
    api,
    driver,
    commands,
    services,
    post: async (path, body, { token, from, method = 'POST' } = {}) => await send(method, path, body, token, from),
    get: async (path, token) => await send('GET', path, undefined, token),
    mails: async template => {
      for (const { value } of await driver.read(topics.notifications.requests)) {
        const contact = value.recipient === null ? null : await decryptPersonal(keys, 'contact', value.recipient)
        const secrets = value.sealed === null ? null : await decryptPersonal(keys, 'secret', value.sealed)
        letters.push({ template: value.template, userId: value.userId, to: contact?.['email'] ?? '', token: secrets?.['token'] ?? '' })
      }
      return letters.filter(letter => letter.template === template)
    },
    user: async userId => await driver.store(processor, userStore).get(userId),
    settle: async ({ email: address = email } = {}) => {
      await identity.post('auth/register', { email: address, password, name: 'Ada' })
      const letter = (await identity.mails('verify-email')).at(-1)
      const verified = await identity.post('auth/verify-email', { token: letter?.token ?? '', password })
      t.equal(verified.status, 204, 'the account is settled')
      return letter?.userId ?? ''
    },
    logIn: async ({ email: address = email } = {}) => {
      const answer = await identity.post('auth/login', { email: address, password })
      t.equal(answer.status, 200, 'the user is logged in')
      return answer.body as unknown as Tokens
    },
    token: api.token
  }
  return identity
}
