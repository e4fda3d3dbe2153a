import { type Personal } from '#schemas'
import { type KeyProvider, type PersonalKind, decryptPersonal } from '../../topology/personal.ts'
import { isUuid } from '../identity/accounts.ts'
import { userBody } from '../identity/view.ts'
import { orderBody } from '../orders/view.ts'
import { paymentBodies } from '../payments/view.ts'
import { type Services } from '../plugins/app/services.ts'
import { shipmentBodies } from '../shipments/view.ts'
import { type OrderOf, ordersOf } from './orders-of.ts'
import { type KeptRecord } from './ports.ts'

/** Everything about whom: a customer with all of his orders, or one order of a guest. */
export type ExportOf = { readonly customerId: string } | { readonly order: OrderOf }

/** Members that say nothing about a person: how a record lies in the log, and what nobody may read. */
const hidden: ReadonlySet<string> = new Set(['meta', 'bodyHash', 'token', 'sealed'])

/**
 * Everything that is kept about a person as one JSON document, in pieces: at any time only one page of orders is in memory. Personal data is decrypted; where
 * its key is destroyed, it says `erased`.
 */
export async function * exportPerson (services: Services, of: ExportOf): AsyncGenerator<string, void, undefined> {
  const { kept, clock } = services
  const subject = 'customerId' in of ? of.customerId : of.order.orderId
  yield `{"subject":${JSON.stringify(subject)},"exportedAt":${JSON.stringify(new Date(clock.now()).toISOString())},"account":`
  const user = 'customerId' in of && isUuid(of.customerId) ? await services.identity.users.read(of.customerId) : undefined
  yield user === undefined ? 'null' : JSON.stringify(await userBody(user, services.keys, clock.now()))
  yield ',"accountRecords":'
  yield * array(user === undefined ? [] : records(services, kept.ofAccount(user.userId)))
  yield ',"orders":'
  yield * array(orders(services, 'customerId' in of ? ordersOf(services, of.customerId) : [of.order]))
  yield ',"visits":'
  yield * array('customerId' in of ? records(services, kept.ofVisitor(of.customerId)) : [])
  yield '}\n'
}

async function * orders (services: Services, found: AsyncIterable<OrderOf> | readonly OrderOf[]): AsyncGenerator<unknown, void, undefined> {
  for await (const { orderId, view } of found) {
    const [payments, shipments] = await Promise.all([services.payments.read(orderId), services.shipments.read(orderId)])
    const told: unknown[] = []
    for await (const record of records(services, services.kept.ofOrder(orderId))) told.push(record)
    yield {
      order: view === undefined ? null : orderBody(view),
      payments: payments === undefined ? [] : paymentBodies(payments),
      shipments: shipments === undefined ? [] : shipmentBodies(shipments),
      records: told
    }
  }
}

async function * records ({ keys }: Services, found: AsyncIterable<KeptRecord>): AsyncGenerator<unknown, void, undefined> {
  for await (const { type, occurredAtMs, payload } of found) {
    yield { type, occurredAt: new Date(occurredAtMs).toISOString(), ...await readable(payload, keys) as object }
  }
}

/** The elements of a JSON array, with what goes between them. */
async function * array (items: AsyncIterable<unknown> | readonly unknown[]): AsyncGenerator<string, void, undefined> {
  let separator = '['
  for await (const item of items) {
    yield `${separator}${JSON.stringify(item)}`
    separator = ','
  }
  yield separator === '[' ? '[]' : ']'
}

/** What a field that holds personal data is called, by kind. */
const kinds: Readonly<Record<string, PersonalKind>> = {
  shippingAddress: 'address', guestEmail: 'contact', email: 'contact', recipient: 'contact', profile: 'profile', receivedBy: 'receipt'
}

async function readable (value: unknown, keys: KeyProvider): Promise<unknown> {
  if (Array.isArray(value)) return await Promise.all(value.map(async each => await readable(each, keys)))
  if (typeof value !== 'object' || value === null) return value
  const shown = Object.entries(value).filter(([name]) => !hidden.has(name))
  return Object.fromEntries(await Promise.all(shown.map(async ([name, each]) => {
    return [name, isPersonal(each) ? await opened(each, kinds[name], keys) : await readable(each, keys)]
  })))
}

interface SealedText { readonly keyId: string, readonly ciphertext: string }

function isPersonal (value: unknown): value is SealedText {
  return typeof value === 'object' && value !== null && 'keyId' in value && 'ciphertext' in value
}

async function opened ({ keyId, ciphertext }: SealedText, kind: PersonalKind | undefined, keys: KeyProvider): Promise<unknown> {
  if (kind === undefined) return 'unreadable'
  const personal: Personal = { keyId, ciphertext: Buffer.from(ciphertext, 'base64') }
  return await decryptPersonal(keys, kind, personal) ?? 'erased'
}
