import { randomBytes } from 'node:crypto'
import { type Test, test } from 'tap'
import { type EraseSubject, type PlaceOrder } from '#schemas'
import { createManualClock } from '#streams/testing'
import { stateDigest } from '../../../ops/verify/state-digest.ts'
import { describeViolation, joinReports } from '../../../topology/audit/law.ts'
import { checkMoney, checkOutcomes, checkStock } from '../../../topology/audit/laws.ts'
import { decryptPersonal, encryptPersonal } from '../../../topology/personal.ts'
import { type Keyring, createKeyring } from '../../../topology/privacy/keyring.ts'
import { createLocalMasterKeys, masterKeyOf } from '../../../topology/privacy/local-master-keys.ts'
import { createMemoryKeyStore } from '../../../topology/privacy/memory-key-store.ts'
import { createPrivacyProcessor } from '../../../topology/privacy/process-privacy.ts'
import { customerKeyId, subjectKeyId } from '../../../topology/privacy/subject.ts'
import { topics } from '../../../topology/topics.ts'
import { commandMeta, line, placeOrder } from '../orders/order-fixtures.ts'
import { Platform, orderIdOf, pieces, skus } from '../platform.ts'

const customerId = 'customer-1'
const ownStores = new Set(['privacy/erasures'])

function createKeys (): Keyring {
  const master = masterKeyOf(randomBytes(32))
  return createKeyring({ store: createMemoryKeyStore(), masterKeys: createLocalMasterKeys(async () => [master]), clock: createManualClock(1_000) })
}

/** The platform with real keys, of which the privacy processor can destroy each. */
async function open (t: Test, keys: Keyring): Promise<Platform> {
  return await Platform.start(t, {}, node => node.name === 'privacy' ? createPrivacyProcessor({ keys }) : node)
}

/** Orders of a customer and of guests: some go well, one is declined, one short, and two are cancelled later. */
async function orders (keys: Keyring): Promise<readonly PlaceOrder[]> {
  const plain = Array.from({ length: 8 }, (_, index) => placeOrder({
    orderId: orderIdOf(index),
    meta: { ...commandMeta, commandId: `place-${index}` },
    customerId: index % 3 === 0 ? null : customerId,
    lines: skus.slice(0, 3).map((sku, at) => line(sku, { lineNo: at + 1, quantity: index === 4 && at === 0 ? pieces + 1 : 2 })),
    payment: { method: 'card', token: index === 5 ? 'tok_declined' : 'tok_ok' }
  }))
  return await Promise.all(plain.map(async order => ({
    ...order,
    shippingAddress: await encryptPersonal(keys, subjectKeyId(order), 'address', { name: 'Ada Lovelace', line1: '12 St James Square' }),
    guestEmail: order.customerId === null ? await encryptPersonal(keys, subjectKeyId(order), 'contact', { email: 'ada@example.com' }) : null
  })))
}

async function play (platform: Platform, placed: readonly PlaceOrder[]): Promise<void> {
  for (const order of placed) await platform.driver.pipe(topics.orders.commands, order.orderId, order)
  await platform.driver.advance(60_000)
  for (const index of [1, 6]) await platform.cancel(orderIdOf(index))
  await platform.driver.advance(60_000)
}

async function erase ({ driver }: Platform): Promise<void> {
  const command: EraseSubject = {
    type: 'EraseSubject', meta: { ...commandMeta, commandId: 'erase', principal: 'admin' }, keyId: customerKeyId(customerId), subject: customerId, accountId: null, reason: 'asked for'
  }
  await driver.pipe(topics.privacy.commands, customerId, command)
  await driver.run()
}

/** The digest of each store but those that tell of the erasure itself. */
async function stores ({ driver }: Platform): Promise<unknown> {
  const { byStore } = await stateDigest(driver.backend, driver.topology)
  return Object.fromEntries(Object.entries(byStore).filter(([name]) => !ownStores.has(name)))
}

/** What the laws find in the books, and what the audits said meanwhile. */
async function judge (t: Test, platform: Platform): Promise<void> {
  const [views, payments, reservations] = [await platform.views(), await platform.payments(), await platform.reservations()]
  const outcomes = (await platform.driver.read(topics.orders.events)).map(({ value }) => value).filter(({ type }) => type === 'OrderCancelled' || type === 'OrderFailed')
  const report = joinReports([
    checkStock(await platform.stocks(), reservations),
    checkMoney(payments, { gateway: platform.gateway.ledger.authorisations(), orders: views }),
    checkOutcomes(views, outcomes as never, reservations)
  ])
  t.same(report.violations.map(describeViolation), [])
  t.ok(report.checked > 15, `${report.checked} checked`)
  t.same((await platform.driver.read(topics.audit.invariants)).map(({ value }) => value), [], 'nothing was reported while it ran')
}

test('the state is the same and every law holds when a person is erased, when the state is rebuilt from its log, and when the orders are played again', async t => {
  const keys = createKeys()
  const platform = await open(t, keys)
  const placed = await orders(keys)
  await play(platform, placed)
  const before = await stores(platform)
  const [, own] = placed
  t.match(await decryptPersonal(keys, 'address', own?.shippingAddress as never), { name: 'Ada Lovelace' })

  await erase(platform)
  t.equal(await decryptPersonal(keys, 'address', own?.shippingAddress as never), null, 'the customer is erased')
  t.match(await decryptPersonal(keys, 'address', placed[0]?.shippingAddress as never), { name: 'Ada Lovelace' }, 'a guest is not')
  t.same(await stores(platform), before, 'the erasure changed nothing')

  platform.driver.backend.flush()
  await platform.driver.restart()
  await platform.driver.run()
  t.same(await stores(platform), before, 'rebuilt from the changelogs')
  await judge(t, platform)

  const again = await open(t, keys)
  await play(again, placed)
  t.same(await stores(again), before, 'the same commands, of whom nobody knows any more who he was')
  await judge(t, again)
})
