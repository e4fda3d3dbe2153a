import { type NotificationRequested, type UserState } from '#schemas'
import { type Body } from '../commands/body.ts'
import { asUsual } from '../notifications/request-notifications.ts'
import { type UserFact } from './user.ts'

type Notification = Omit<Body<NotificationRequested>, 'notificationId'>

/**
 * What the owner of an account is told, by the fact; undefined = nothing. Pure. A token is sealed all the way to the channel that delivers it:
 * nobody who reads the log, or analytics, can use it.
 */
export function noticeFor (fact: UserFact, user: UserState): Notification | undefined {
  const { userId, email } = user
  const found = contentOf(fact)
  if (email === null || found === undefined) return undefined
  const [template, variables, sealed = null] = found
  return { type: 'NotificationRequested', userId, channel: 'email', template, orderId: null, variables, recipient: email, sealed, ...asUsual }
}

type Content = readonly [template: string, variables: Readonly<Record<string, string>>, sealed?: NotificationRequested['sealed']]

function contentOf (fact: UserFact): Content | undefined {
  switch (fact.type) {
    case 'TokenIssued': {
      if (fact.sealed === null) return undefined
      const template = fact.purpose === 'verification' ? 'verify-email' : 'password-reset'
      return [template, { expiresAt: new Date(fact.token.expiresAt).toISOString() }, fact.sealed]
    }
    case 'RegistrationRepeated': return ['account-exists', {}]
    case 'PasswordChanged': return ['password-changed', { cause: fact.cause }]
    case 'UserLocked': return ['account-locked', { scope: fact.scope, until: new Date(fact.until).toISOString() }]
    case 'SessionsRevoked': return fact.reason === 'reuse' ? ['session-reused', {}] : undefined
    default: return undefined
  }
}
