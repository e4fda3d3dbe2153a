import { type UserState } from '#schemas'
import { type KeyProvider, decryptPersonal } from '../../topology/personal.ts'
import { type UserBody } from '../schemas/identity.ts'

/** A user as those who may see him get it: personal data in the clear, nothing of passwords and tokens. */
export async function userBody (user: UserState, keys: KeyProvider, nowMs: number): Promise<UserBody> {
  const { userId, kind, status, email, profile, label, roles, grants, sessions, locks, registeredAt, version } = user
  const contact = email === null ? null : await decryptPersonal(keys, 'contact', email)
  const personal = profile === null ? null : await decryptPersonal(keys, 'profile', profile)
  return {
    userId,
    kind,
    status,
    email: contact?.['email'] ?? null,
    name: personal?.['name'] ?? (label === '' ? null : label),
    roles: [...roles],
    grants: [...grants],
    sessions: sessions.filter(({ expiresAt }) => expiresAt > nowMs).length,
    locks: locks.filter(({ until }) => until > nowMs).map(({ address, until }) => ({ scope: address === null ? 'account' as const : 'address' as const, until: new Date(until).toISOString() })),
    registeredAt: new Date(registeredAt).toISOString(),
    version
  }
}
