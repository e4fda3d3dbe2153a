/** Every permission a route can ask for. */
export const permissions = [
  'orders:read', 'orders:read-all', 'orders:write', 'orders:cancel', 'orders:delete', 'orders:review', 'orders:price-override',
  'products:read', 'products:write', 'products:delete',
  'inventory:read', 'inventory:write', 'inventory:reserve',
  'payments:read', 'payments:process', 'payments:refund',
  'shipments:read', 'shipments:create', 'shipments:cancel',
  'analytics:view', 'analytics:export',
  'users:read', 'users:write', 'users:delete',
  'notifications:send', 'admin'
] as const

export type Permission = (typeof permissions)[number]

const inventory = ['inventory:read', 'inventory:write', 'inventory:reserve'] as const
const shipments = ['shipments:read', 'shipments:create', 'shipments:cancel'] as const

/** What each role allows. A service account has only what its token grants by name. */
export const roles = {
  Customer: ['orders:read', 'orders:write', 'orders:cancel', 'payments:read', 'payments:process', 'products:read'],
  Support: ['orders:read', 'orders:read-all', 'orders:cancel', 'orders:review', 'payments:read', 'payments:refund', 'products:read'],
  WarehouseManager: [...inventory, ...shipments, 'orders:read', 'orders:read-all', 'products:read'],
  Analyst: ['analytics:view', 'analytics:export'],
  ServiceAccount: [],
  Admin: permissions
} as const satisfies Record<string, readonly Permission[]>

export type Role = keyof typeof roles

/** Most that a payment may be refunded in all by those roles, in 1/10,000 of its currency's unit; others give back all that was captured. */
const refundCeilings: Readonly<Partial<Record<Role, bigint>>> = { Support: 2_000_000n }

/** Who sends a request, from a verified token. */
export interface Principal {
  /** Subject of the token; for customers the customer id. */
  readonly subject: string
  readonly roles: readonly Role[]
  readonly permissions: ReadonlySet<Permission>
}

export function isRole (name: unknown): name is Role {
  return typeof name === 'string' && Object.hasOwn(roles, name)
}

export function isPermission (name: unknown): name is Permission {
  return (permissions as readonly unknown[]).includes(name)
}

/** What the refunds of one payment may come to when this one asks for the last of them; null = all that was captured. */
export function refundCeiling ({ roles: given }: Principal): bigint | null {
  const allowing = given.filter(role => role === 'ServiceAccount' || (roles[role] as readonly Permission[]).includes('payments:refund'))
  const ceilings = allowing.map(role => refundCeilings[role])
  return ceilings.includes(undefined) ? null : ceilings.reduce<bigint>((most, ceiling) => ceiling !== undefined && ceiling > most ? ceiling : most, 0n)
}

/** The principal with those roles and, for service accounts, those grants. Grants of other roles are ignored. */
export function principalOf (subject: string, given: readonly Role[], grants: readonly Permission[] = []): Principal {
  const allowed = new Set<Permission>(given.flatMap(role => [...roles[role]]))
  if (given.includes('ServiceAccount')) for (const grant of grants) allowed.add(grant)
  return { subject, roles: given, permissions: allowed }
}
