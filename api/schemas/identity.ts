import { type Static, Type } from 'typebox'
import { lockScopeSymbols, userKindSymbols, userStatusSymbols } from '#schemas'
import { type Role, permissions, roles } from '../permissions.ts'

const strict = { additionalProperties: false } as const
const nullableText = (description: string) => Type.Union([Type.String(), Type.Null()], { description })

const Email = Type.String({ pattern: '^\\s*[^@\\s]+@[^@\\s]+\\s*$', maxLength: 254, description: 'E-mail address; encrypted before it is written anywhere.' })
const Name = Type.String({ minLength: 1, maxLength: 200, description: 'Name of the person; encrypted before it is written anywhere.' })
const OldPassword = Type.String({ minLength: 1, maxLength: 200, description: 'The password.' })
const NewPassword = Type.String({ minLength: 12, maxLength: 200, description: 'A new password: 12 to 200 characters of any kind, at least five different ones.' })
const MailToken = Type.String({ minLength: 1, maxLength: 200, description: 'Token from the mail; it counts once.' })
const RefreshToken = Type.String({ minLength: 1, maxLength: 300, description: 'The newest refresh token of the session.' })
/** What an id and the tokens look like; these open nothing. */
const exampleId = '1b4e28ba-2fa1-41d2-883f-0016d3cca427'
const exampleSecret = 'A'.repeat(43)
const exampleRefresh = `cr_${exampleId}.${'A'.repeat(22)}.${exampleSecret}`
const exampleMail = `cm_${exampleId}.${exampleSecret}`

const Grant = Type.Enum([...permissions], { description: 'A permission.' })

/** Roles that a person can have. */
export const personalRoles = (Object.keys(roles) as Role[]).filter(role => role !== 'ServiceAccount')

export const RegisterBodySchema = Type.Object({ email: Email, password: NewPassword, name: Type.Optional(Name) }, {
  ...strict, description: 'A new account.', examples: [{ email: 'ada@example.com', password: 'correct horse battery', name: 'Ada Lovelace' }]
})
export type RegisterBody = Static<typeof RegisterBodySchema>

export const LoginBodySchema = Type.Object({ email: Email, password: OldPassword }, {
  ...strict, description: 'Who wants to log in.', examples: [{ email: 'ada@example.com', password: 'correct horse battery' }]
})
export const RefreshBodySchema = Type.Object({ refreshToken: RefreshToken }, {
  ...strict, description: 'A refresh token to be exchanged.', examples: [{ refreshToken: exampleRefresh }]
})
export const LogoutBodySchema = Type.Object({
  refreshToken: RefreshToken, everywhere: Type.Optional(Type.Boolean({ default: false, description: 'True ends all sessions of the user.' }))
}, { ...strict, description: 'The session to be ended.', examples: [{ refreshToken: exampleRefresh, everywhere: true }] })
export const ChangePasswordBodySchema = Type.Object({ currentPassword: OldPassword, newPassword: NewPassword }, {
  ...strict, description: 'Another password.', examples: [{ currentPassword: 'correct horse battery', newPassword: 'staple gun on Tuesday' }]
})
export const RequestResetBodySchema = Type.Object({ email: Email }, {
  ...strict, description: 'Whose password is forgotten.', examples: [{ email: 'ada@example.com' }]
})
export const ConfirmResetBodySchema = Type.Object({ token: MailToken, newPassword: NewPassword }, {
  ...strict, description: 'Another password, by the token from the mail.', examples: [{ token: exampleMail, newPassword: 'staple gun on Tuesday' }]
})
export const VerifyEmailBodySchema = Type.Object({ token: MailToken, password: OldPassword }, {
  ...strict,
  description: 'The token from the mail, and the password that was registered with: so nobody proves an address for somebody else.',
  examples: [{ token: exampleMail, password: 'correct horse battery' }]
})

/** The answer to what is answered alike for everybody. */
export const AcceptedIdentity = Type.Object({ status: Type.Literal('accepted') }, { description: 'If there is something to do, it is done, and its owner gets a mail.' })

export const SessionBodySchema = Type.Object({
  accessToken: Type.String({ description: 'For the header `authorization: Bearer …`.' }),
  tokenType: Type.Literal('Bearer'),
  expiresInS: Type.Integer({ description: 'Life of the access token, seconds.' }),
  refreshToken: Type.String({ description: 'Gives the next two tokens, once. Shown twice it ends the session.' }),
  refreshExpiresAt: Type.String({ format: 'date-time', description: 'When the refresh token is worth nothing any more.' })
}, { description: 'A session.' })
export type SessionBody = Static<typeof SessionBodySchema>

/** @source RFC 6749, section 4.4: names and media types are those of the standard. */
export const ClientTokenBodySchema = Type.Object({
  grant_type: Type.Literal('client_credentials'),
  client_id: Type.Optional(Type.String({ maxLength: 100, description: 'Id of the service account; or in the header `authorization: Basic …`.' })),
  client_secret: Type.Optional(Type.String({ maxLength: 200, description: 'Its secret.' })),
  scope: Type.Optional(Type.String({ maxLength: 1000, description: 'Permissions wanted, with spaces between them; nothing = all that are granted.' }))
}, {
  ...strict,
  description: 'Credentials of a service account.',
  examples: [{ grant_type: 'client_credentials', client_id: exampleId, client_secret: `cs_${exampleSecret}`, scope: 'orders:write orders:read' }]
})

export const ClientTokenAnswer = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer({ description: 'Seconds.' }),
  scope: Type.String({ description: 'Permissions of the token.' })
}, { description: 'An access token of a service account.' })

export const UserBodySchema = Type.Object({
  userId: Type.String({ description: 'Id of the user; the customer id of orders.' }),
  kind: Type.Enum([...userKindSymbols]),
  status: Type.Enum([...userStatusSymbols]),
  email: nullableText('E-mail address; null for service accounts and where it was erased.'),
  name: nullableText('Name of the person, or what the service account is for.'),
  roles: Type.Array(Type.String()),
  grants: Type.Array(Type.String(), { description: 'Permissions of a service account.' }),
  sessions: Type.Integer({ description: 'Open sessions.' }),
  locks: Type.Array(Type.Object({ scope: Type.Enum([...lockScopeSymbols]), until: Type.String({ format: 'date-time' }) }), { description: 'Locks that turn logins away now.' }),
  registeredAt: Type.String({ format: 'date-time' }),
  version: Type.Integer({ description: 'Events of the user.' })
}, { description: 'A user.' })
export type UserBody = Static<typeof UserBodySchema>

export const ProfileBodySchema = Type.Object({ name: Type.Union([Name, Type.Null()], { description: 'Null takes it away.' }) }, {
  ...strict, description: 'What a user says of himself.', examples: [{ name: 'Ada King' }]
})
export const RolesBodySchema = Type.Object({
  roles: Type.Array(Type.Enum(personalRoles, { description: 'A role.' }), { maxItems: personalRoles.length, uniqueItems: true, description: 'All roles that the user has from now on.' })
}, { ...strict, description: 'Roles of a user.', examples: [{ roles: ['Customer', 'Support'] }] })
export const ServiceAccountBodySchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100, description: 'What it is for, in words for people; never personal data.' }),
  grants: Type.Array(Grant, { minItems: 1, maxItems: permissions.length, uniqueItems: true, description: 'What it may do.' })
}, { ...strict, description: 'A new service account.', examples: [{ name: 'shop front', grants: ['orders:write', 'orders:read'] }] })
export const ServiceAccountAnswer = Type.Object({
  clientId: Type.String(),
  clientSecret: Type.String({ description: 'Shown this once; only its hash is kept.' }),
  grants: Type.Array(Type.String())
}, { description: 'A service account, with its secret.' })

/** Path of everything below one user. */
export const UserParams = Type.Object({
  id: Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', description: 'Id of the user: a UUID in lower case.' })
})
