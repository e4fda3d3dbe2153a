import { test } from 'tap'
import { type OrderView, type PlaceOrder } from '../../schemas/index.ts'
import { createMemoryRegistry } from '../../streams/serde/memory-registry.ts'
import { bindRegistry } from '../../topology/codec.ts'
import { maxMoney } from '../../topology/money.ts'
import { topics } from '../../topology/topics.ts'
import { bindMemoryCodec } from '../support/bind-codec.ts'

const personal = { keyId: 'k', ciphertext: Buffer.from('secret') }
const placeOrder: PlaceOrder = {
  type: 'PlaceOrder',
  meta: { commandId: 'ab', bodyHash: null, issuedAt: 1_700_000_000_000, correlationId: '', principal: 'p', tenant: 'default' },
  orderId: '0198c0de-0000-8000-8000-000000000001',
  placedAt: 1_290_000_000_000,
  channel: 'import',
  customerId: null,
  guestEmail: personal,
  currency: 'GBP',
  lines: [{ lineNo: 1, sku: '85123A', quantity: 6, quotedUnitPrice: 25_500n }, { lineNo: 2, sku: 'POST', quantity: 1, quotedUnitPrice: null }],
  shippingAddress: personal,
  deliverySpeed: 'standard',
  payment: { method: 'card', token: 'tok_ok' },
  onShortage: 'reject',
  onDecline: null,
  clientReference: '536365',
  country: 'United Kingdom'
}

test('a command comes back from its bytes as it was', async t => {
  await bindMemoryCodec()
  t.same(topics.orders.commands.value.decode(topics.orders.commands.value.encode(placeOrder)), placeOrder)
})

test('amounts come back exactly, up to the largest', async t => {
  await bindMemoryCodec()
  const view: OrderView = {
    type: 'OrderView',
    orderId: placeOrder.orderId,
    state: 'Confirmed',
    outcome: null,
    outcomeCause: null,
    reason: null,
    channel: 'api',
    customerId: 'c',
    currency: 'EUR',
    lines: [{ lineNo: 1, sku: 'A', quantity: 1, unitPrice: -1n, lineTotal: maxMoney, priceSource: 'catalog', catalogVersion: 3, stocked: true }],
    total: maxMoney,
    authorised: -maxMoney,
    captured: 0n,
    refunded: 127n,
    voided: 128n,
    attempt: 1,
    paymentId: null,
    shipmentId: null,
    trackingNumber: null,
    carrier: null,
    placedAt: 1,
    confirmedAt: 2,
    updatedAt: 3,
    version: 4,
    everConfirmed: true,
    clientReference: null,
    actionReason: 'shortStock',
    deadline: 5,
    shortages: [{ sku: 'A', requested: 2, available: 1 }],
    parcels: [],
    progress: [{ lineNo: 1, shipped: 2, cancelled: 0, delivered: 0, returned: 0 }],
    deliveredAt: null,
    returns: []
  }
  t.same(topics.orders.state.value.decode(topics.orders.state.value.encode(view)), view)
})

test('a record is unreadable on a topic that does not carry it', async t => {
  await bindMemoryCodec()
  const bytes = topics.orders.commands.value.encode(placeOrder)
  t.throws(() => topics.orders.events.value.decode(bytes), { code: 'STR_RECORD_UNREADABLE' })
  t.throws(() => topics.orders.events.value.encode(placeOrder as never), { code: 'STR_VALUE_INVALID' })
})

test('binding names the subjects that were not provisioned', async t => {
  await t.rejects(bindRegistry(createMemoryRegistry()), { code: 'STR_SCHEMA_UNREGISTERED', message: /commerce\.orders\.commands-commerce\.orders\.PlaceOrder/ })
})
