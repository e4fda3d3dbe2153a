import { resolve } from 'node:path'
import { Type } from 'typebox'
import { type AuthLimits } from '../api/index.ts'
import { type IdentityRules, defaultIdentityRules } from '../topology/identity/rules.ts'

/** Who may log in, how often he may try, and who is the first to administer. */
export interface IdentitySettings {
  /** Secret that e-mail and network addresses are hashed with. */
  readonly secretFile: string
  readonly rules: IdentityRules
  readonly limits: AuthLimits
  /** The first administrator. `passwordFile` empty: the password is set by a token that is printed. */
  readonly admin: { readonly email: string, readonly passwordFile: string }
}

const whole = (value: number, unit: string, description: string) => Type.Integer({ description, default: value, minimum: 1, unit })

/** The settings of identity, as part of all settings. */
export const identitySettings = {
  COMMERCE_IDENTITY_SECRET_FILE: Type.String({
    description: 'File of the secret (32 bytes, base64) that e-mail and network addresses are hashed with. Never change or lose it: accounts are found by it. Empty: one is made in the data folder at first use.', default: '', unit: 'path'
  }),
  COMMERCE_ADMIN_EMAIL: Type.String({ description: 'E-mail address of the first administrator, who is made by provisioning.', default: 'admin@commerce.local', pattern: '^[^@\\s]+@[^@\\s]+$', unit: 'address' }),
  COMMERCE_ADMIN_PASSWORD_FILE: Type.String({
    description: 'File that holds the password of the first administrator. Empty: provisioning prints a token that sets it, until it is set.', default: '', unit: 'path'
  }),
  COMMERCE_REFRESH_TTL_S: Type.Integer({ description: 'Life of a refresh token.', default: 604_800, minimum: 60, unit: 's' }),
  COMMERCE_LOCKOUT_FAILURES: whole(5, 'count', 'Wrong passwords for an account from one address that shut this address out; ten times as many from anywhere shut everybody out.'),
  COMMERCE_LOCKOUT_WINDOW_S: whole(900, 's', 'Time in which wrong passwords are counted.'),
  COMMERCE_LOCKOUT_S: whole(900, 's', 'How long that lasts.'),
  COMMERCE_LOGINS_PER_MINUTE: whole(5, 'requests', 'Logins, registrations and resets a minute for one account from one address.'),
  COMMERCE_AUTH_PER_MINUTE: whole(30, 'requests', 'The same for one address, whatever the accounts.')
}

interface IdentityValues {
  readonly COMMERCE_IDENTITY_SECRET_FILE: string
  readonly COMMERCE_ADMIN_EMAIL: string
  readonly COMMERCE_ADMIN_PASSWORD_FILE: string
  readonly COMMERCE_REFRESH_TTL_S: number
  readonly COMMERCE_LOCKOUT_FAILURES: number
  readonly COMMERCE_LOCKOUT_WINDOW_S: number
  readonly COMMERCE_LOCKOUT_S: number
  readonly COMMERCE_LOGINS_PER_MINUTE: number
  readonly COMMERCE_AUTH_PER_MINUTE: number
}

const minuteMs = 60_000

export function groupIdentity (values: IdentityValues, dataDir: string): IdentitySettings {
  const refreshMs = values.COMMERCE_REFRESH_TTL_S * 1000
  const { COMMERCE_IDENTITY_SECRET_FILE: secretFile, COMMERCE_ADMIN_PASSWORD_FILE: passwordFile, COMMERCE_LOCKOUT_FAILURES: failures } = values
  return {
    secretFile: secretFile === '' ? resolve(dataDir, 'keys/identity.key') : resolve(secretFile),
    rules: {
      ...defaultIdentityRules,
      refreshMs,
      sessionMs: Math.max(refreshMs, defaultIdentityRules.sessionMs),
      addressFailures: failures,
      accountFailures: 10 * failures,
      windowMs: values.COMMERCE_LOCKOUT_WINDOW_S * 1000,
      lockMs: values.COMMERCE_LOCKOUT_S * 1000
    },
    limits: {
      account: { max: values.COMMERCE_LOGINS_PER_MINUTE, windowMs: minuteMs },
      address: { max: values.COMMERCE_AUTH_PER_MINUTE, windowMs: minuteMs }
    },
    admin: { email: values.COMMERCE_ADMIN_EMAIL, passwordFile: passwordFile === '' ? '' : resolve(passwordFile) }
  }
}
