import {
  type ChangePassword, type CommandMeta, type IssuedToken, type LogIn, type OpenUser, type Personal, type RefreshSession, type RegisterUser, type ResetPassword,
  type UserState
} from '#schemas'
import { uuidOfCommand } from '../../../topology/envelope.ts'
import { type UserCommand, decideUser, fold } from '../../../topology/identity/decide-user.ts'
import { type IdentityRules, defaultIdentityRules } from '../../../topology/identity/rules.ts'
import { type UserFact } from '../../../topology/identity/user.ts'

/** When the tests begin, epoch ms. */
export const startMs = 1_700_000_000_000
export const emailKey = 'e'.repeat(64)
export const home = 'a1'
export const elsewhere = 'b2'

/** Metadata of the command with that id. */
export function metaOf (commandId: string, principal: string | null = null): CommandMeta {
  return { commandId, bodyHash: null, issuedAt: startMs, correlationId: `request ${commandId}`, principal, tenant: 'default' }
}

/** The id of a command by its number. */
export function idOf (number: number): string {
  return number.toString(16).padStart(8, '0').padEnd(64, '0')
}

/** The user that the command of that number makes. */
export function userIdOf (number: number): string {
  return uuidOfCommand(idOf(number))
}

export const userId = userIdOf(1)

export function sealed (text: string): Personal {
  return { keyId: 'key', ciphertext: Buffer.from(text) }
}

export function tokenOf (hash: string, expiresAt = startMs + 3_600_000): IssuedToken {
  return { hash, expiresAt, sealed: sealed(`token of ${hash}`) }
}

/** A registration by the command of that number; the account takes its id from it unless another one is named. */
export function registration (number: number, changes: Partial<RegisterUser> = {}): RegisterUser {
  return {
    type: 'RegisterUser',
    meta: metaOf(idOf(number)),
    emailKey,
    userId: userIdOf(number),
    email: sealed('ada@example.com'),
    profile: null,
    passwordHash: `hash ${number}`,
    roles: ['Customer'],
    isVerified: false,
    token: tokenOf(`verify ${number}`),
    ...changes
  }
}

export function opening (number: number, changes: Partial<OpenUser> = {}): OpenUser {
  return { ...registration(number), type: 'OpenUser', userId, ...changes }
}

export function login (number: number, changes: Partial<LogIn> = {}): LogIn {
  return {
    type: 'LogIn',
    meta: metaOf(idOf(number)),
    userId,
    passwordMatched: true,
    credentialVersion: 1,
    address: home,
    sessionId: `session ${number}`,
    refreshHash: `refresh ${number}.0`,
    rehash: null,
    ...changes
  }
}

export function refresh (session: number, from: number, to: number): RefreshSession {
  return { type: 'RefreshSession', meta: metaOf(idOf(0)), userId, sessionId: `session ${session}`, refreshHash: `refresh ${session}.${from}`, nextHash: `refresh ${session}.${to}` }
}

export function passwordChange (number: number, changes: Partial<ChangePassword> = {}): ChangePassword {
  return { type: 'ChangePassword', meta: metaOf(idOf(number)), userId, passwordMatched: true, credentialVersion: 1, passwordHash: `hash ${number}`, address: home, ...changes }
}

export function reset (tokenHash: string, passwordHash = 'hash by reset'): ResetPassword {
  return { type: 'ResetPassword', meta: metaOf(idOf(99)), userId, tokenHash, passwordHash }
}

/** A user to whom commands come one after the other, decided on by the pure core alone. */
export class Account {
  state: UserState | undefined
  nowMs = startMs
  readonly #rules: IdentityRules

  constructor (rules: Partial<IdentityRules> = {}) {
    this.#rules = { ...defaultIdentityRules, ...rules }
  }

  /** A user whose address is proved. */
  static active (rules: Partial<IdentityRules> = {}): Account {
    const account = new Account(rules)
    account.take(opening(1))
    account.take({ type: 'VerifyEmail', meta: metaOf(idOf(2)), userId, tokenHash: 'verify 1' })
    return account
  }

  take (command: UserCommand): readonly UserFact[] {
    return this.apply(decideUser(this.state, command, { commandId: command.meta.commandId, nowMs: this.nowMs, rules: this.#rules }))
  }

  apply (facts: readonly UserFact[]): readonly UserFact[] {
    if (facts.length > 0) this.state = fold(this.state, userId, facts)
    return facts
  }

  /** Names of the facts of a command. */
  types (command: UserCommand): string[] {
    return this.take(command).map(({ type }) => type)
  }

  get user (): UserState {
    if (this.state === undefined) throw new Error('there is no user')
    return this.state
  }
}
