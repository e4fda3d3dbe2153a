import { type EmailClaim, type OpenUser, type RegisterUser, type ReleaseEmail, type UserState } from '#schemas'
import { StreamsError } from '../../streams/errors.ts'
import { type ProcessorContext, type ProcessorDef, type RecordInfo, type TimerInfo, defineProcessor, defineStore } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { retentionMs } from '../commands/retention.ts'
import { type Cause, causeOf, causeOfSource, commandId, commandIdOf, commandMeta, eventMeta, uuidOfCommand } from '../envelope.ts'
import { type IdentityCommand, topics } from '../topics.ts'
import { type UserCommand, decideExpiry, decideUser, fold } from './decide-user.ts'
import { decideClaim } from './email-claim.ts'
import { openLocks } from './locks.ts'
import { noticeFor } from './notices.ts'
import { type IdentityRules, defaultIdentityRules } from './rules.ts'
import { type UserFact, evolveUser, isPublic } from './user.ts'

/** Name of the sub-topology. */
export const identityName = 'identity'

/** Who has an e-mail address: one row an address, in the task of its key. */
export const claimStore = defineStore('email-claims', stateSerde(identityName, 'EmailClaim'))

/** One row per user, sessions included: what is decided about a user is decided in one place, in one order. */
export const userStore = defineStore('users', stateSerde(identityName, 'UserState'))

/**
 * The newest command that the task has decided on, one row. A cycle that changes nothing is told of later, with the next one: who waits for
 * a command could tell from the time whether there is an account. So every command for a user changes something.
 */
export const decidedStore = defineStore('decided', stateSerde(identityName, 'DecidedCommand'))
const newest = 'newest'

/** How long a deleted user is remembered: a day longer than the topic that a late command could come from. Unit: ms. */
export const tombstoneMs = retentionMs(topics.identity.commands) + 86_400_000

const lockTimer = 'lock/'
const expiryTimer = 'expiry/'
const tombstoneTimer = 'tombstone/'

/** Key of the record of an identity command: the e-mail key for what is about an address, else the user. */
export function identityKeyOf (command: IdentityCommand): string {
  return isAboutAddress(command) ? command.emailKey : command.userId
}

function isAboutAddress (command: IdentityCommand): command is RegisterUser | ReleaseEmail {
  return command.type === 'RegisterUser' || command.type === 'ReleaseEmail'
}

/** Accounts: e-mail addresses, passwords, sessions, roles. See README.md. */
export function createIdentityProcessor (rules: IdentityRules = defaultIdentityRules): ProcessorDef {
  return defineProcessor<IdentityCommand>({
    name: identityName,
    inputs: [topics.identity.commands],
    outputs: [topics.identity.commands, topics.identity.events, topics.notifications.requests],
    stores: [claimStore, userStore, decidedStore],
    reads: command => [isAboutAddress(command) ? [claimStore, command.emailKey] : [userStore, command.userId]],
    handlers: {
      RegisterUser: handleAddress,
      ReleaseEmail: handleAddress,
      OpenUser: handleUser,
      CreateServiceAccount: handleUser,
      VerifyEmail: handleUser,
      LogIn: handleUser,
      RefreshSession: handleUser,
      LogOut: handleUser,
      ChangePassword: handleUser,
      RequestPasswordReset: handleUser,
      ResetPassword: handleUser,
      UpdateProfile: handleUser,
      SetRoles: handleUser,
      DeleteUser: handleUser
    },
    onTimer,
    timerReads: timer => [[userStore, userOf(timer)]],
    parking: 'key',
    ordering: { record: identityKeyOf, timer: userOf }
  })

  function handleUser (context: ProcessorContext, command: UserCommand, record: RecordInfo): void {
    refuseOtherKey(command, record)
    const state = context.store(userStore).get(command.userId)
    const cause = causeOf(command.meta, context.source)
    context.store(decidedStore).put(newest, { type: 'DecidedCommand', commandId: cause.causationId })
    // The address was given to an account that is gone, by a command that came late: nobody else could ever have it.
    if (command.type === 'OpenUser' && state?.status === 'deleted') return releaseEmail(context, command, cause)
    const facts = decideUser(state, command, { commandId: commandIdOf(command.meta, context.source), nowMs: context.nowMs, rules })
    carryOut(context, state, command.userId, facts, cause)
  }

  function onTimer (context: ProcessorContext, timer: TimerInfo): void {
    const userId = userOf(timer)
    const state = context.store(userStore).get(userId)
    if (state === undefined) return
    if (timer.key.startsWith(tombstoneTimer)) return context.store(userStore).delete(userId)
    const facts = timer.key.startsWith(lockTimer) ? openLocks(state, context.nowMs) : decideExpiry(state, context.nowMs, rules)
    carryOut(context, state, userId, facts, causeOfSource(context.source, state.correlationId))
  }

  /** Folds the facts into the row, publishes the events among them, and asks for the notifications and timers that they lead to. */
  function carryOut (context: ProcessorContext, before: UserState | undefined, userId: string, facts: readonly UserFact[], cause: Cause): void {
    if (facts.length === 0) return
    let state = fold(before, userId, [])
    for (const fact of facts) {
      // Who is deleted is told nothing: the address is gone with the rest.
      state = evolveUser(state, fact)
      publish(context, state, fact, cause)
    }
    context.store(userStore).put(userId, state)
    setTimers(context, before, state)
    if (state.status === 'deleted' && state.emailKey !== '') releaseEmail(context, state, cause)
  }

  function setTimers ({ timers, nowMs }: ProcessorContext, before: UserState | undefined, { userId, status, locks, registeredAt }: UserState): void {
    if (locks.length > 0) timers.set(lockTimer + userId, Math.min(...locks.map(({ until }) => until)))
    else if (before !== undefined && before.locks.length > 0) timers.cancel(lockTimer + userId)
    if (status === 'unverified' && before === undefined) timers.set(expiryTimer + userId, registeredAt + rules.unverifiedMs)
    if (status !== 'unverified' && before?.status === 'unverified') timers.cancel(expiryTimer + userId)
    if (status === 'deleted') timers.set(tombstoneTimer + userId, nowMs + tombstoneMs)
  }
}

function handleAddress (context: ProcessorContext, command: RegisterUser | ReleaseEmail, record: RecordInfo): void {
  refuseOtherKey(command, record)
  const { emailKey, userId } = command
  const claims = context.store(claimStore)
  const { kind } = decideClaim(claims.get(emailKey), command)
  if (kind === 'ignore') return
  if (kind === 'release') return claims.delete(emailKey)
  if (kind === 'claim') claims.put(emailKey, claimOf(command, context.nowMs))
  if (command.type === 'ReleaseEmail') return
  const { type, ...content } = command
  const value: OpenUser = { ...content, type: 'OpenUser', meta: commandMeta(context, causeOf(command.meta, context.source)) }
  context.emit(topics.identity.commands, { key: userId, value })
}

function releaseEmail (context: ProcessorContext, { emailKey, userId }: { readonly emailKey: string, readonly userId: string }, cause: Cause): void {
  context.emit(topics.identity.commands, { key: emailKey, value: { type: 'ReleaseEmail', meta: commandMeta(context, cause), emailKey, userId } })
}

function claimOf ({ emailKey, userId }: RegisterUser | ReleaseEmail, claimedAt: number): EmailClaim {
  return { type: 'EmailClaim', emailKey, userId, claimedAt }
}

function publish (context: ProcessorContext, state: UserState, fact: UserFact, cause: Cause): void {
  const { userId } = state
  if (isPublic(fact)) context.emit(topics.identity.events, { key: userId, value: { ...fact, meta: eventMeta(context, cause, state.version) } })
  const notice = noticeFor(fact, state)
  if (notice === undefined) return
  const notificationId = uuidOfCommand(commandId('notification', userId, notice.template, context.nextId()))
  context.emit(topics.notifications.requests, { key: userId, value: { ...notice, notificationId, meta: eventMeta(context, cause) } })
}

/** One writer per address and user: a record under another key would be decided by another task. */
function refuseOtherKey (command: IdentityCommand, { key }: RecordInfo): void {
  if (key !== identityKeyOf(command)) throw new StreamsError('STR_RECORD_REFUSED', { why: 'the key of the record is not that of its command' })
}

function userOf ({ key }: TimerInfo): string {
  return key.slice(key.indexOf('/') + 1)
}
