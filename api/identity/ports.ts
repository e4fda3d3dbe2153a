import { type UserState } from '#schemas'
import { type PositionWait } from '../../streams/state/query.ts'
import { type IdentityCommand } from '../../topology/topics.ts'
import { type TokenKeys } from '../keyring.ts'
import { type AppendOptions } from '../ports.ts'
import { type LogPosition } from '../position.ts'
import { type TokenRules } from '../token.ts'
import { type IdentityKeys } from './identity-keys.ts'
import { type PasswordHasher } from './passwords.ts'

/** Reads accounts from the state of the identity processor. Rejects like the queries of orders: never an absent account for a state that is missing. */
export interface UserQueries {
  /** The account that has an e-mail address; undefined = nobody has it. */
  owner (emailKey: string): Promise<string | undefined>
  /**
   * An account, deleted ones included; undefined = there is none. With `wait` only once that command was processed.
   *
   * @throws {ApiError} API_OUTCOME_UNKNOWN when it was not processed in time.
   */
  read (userId: string, wait?: PositionWait): Promise<UserState | undefined>
}

/** Where identity commands are written to. As the log of the other commands. */
export interface IdentityLog {
  append (command: IdentityCommand, options?: Pick<AppendOptions, 'traceparent'>): Promise<LogPosition>
}

/** How access tokens are made. */
export interface AccessTokens {
  readonly keys: TokenKeys
  readonly rules: TokenRules
  /** Life of an access token, seconds. */
  readonly ttlS: number
}

/** What the routes of accounts work with. */
export interface IdentityServices {
  readonly users: UserQueries
  readonly log: IdentityLog
  readonly keys: IdentityKeys
  readonly passwords: PasswordHasher
  readonly tokens: AccessTokens
}
