import { Readable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { type Admission, createAdmission } from '../../api/admission.ts'
import { type Analytics } from '../../api/analytics/ports.ts'
import { type FastifyInstance } from 'fastify'
import { type Test } from 'tap'
import { createCatalogOutcomes } from '../../api/adapters/catalog-outcomes.ts'
import { createCatalogTable } from '../../api/adapters/catalog-table.ts'
import { createKafkaBehaviourLog, createKafkaCommandLog } from '../../api/adapters/kafka-command-log.ts'
import { createKafkaFlags } from '../../api/adapters/kafka-flags.ts'
import { createKafkaEventFeed } from '../../api/adapters/kafka-event-feed.ts'
import { createMemoryIdempotency } from '../../api/adapters/memory-idempotency.ts'
import { createStateOrderQueries } from '../../api/adapters/state-order-queries.ts'
import { createStateStockQueries } from '../../api/adapters/state-stock-queries.ts'
import { createStateShipmentQueries } from '../../api/adapters/state-shipment-queries.ts'
import { createStatePaymentQueries } from '../../api/adapters/state-payment-queries.ts'
import { type CatalogReader, type PriceHistory } from '../../api/catalog/ports.ts'
import { createExposureHook } from '../../api/flags/exposure-log.ts'
import { openFeatures } from '../../api/flags/features.ts'
import { type IdentityServices } from '../../api/identity/ports.ts'
import { openTokenKeys } from '../../api/keyring.ts'
import { type Permission, type Role } from '../../api/permissions.ts'
import { type CommandLog, type HeldStock, type LedgerBalance, type IdempotencyStore, type EventHistory, type OrderLists, type ShipmentLists, type StockLevel } from '../../api/ports.ts'
import { type ServerOptions, buildServer } from '../../api/server.ts'
import { createTokenVerifier, generateTokenKey, signToken } from '../../api/token.ts'
import { type NotificationServices } from '../../api/notifications/ports.ts'
import { type WebhookServices } from '../../api/webhooks/ports.ts'
import {
  type CategoryView, type OrderState, type OrderView, type PaymentState, type PlaceOrder, type ProductView, type RiskAccount, type ShipmentState,
  type StockState
} from '../../schemas/index.ts'
import { type MemoryBroker, createMemoryBroker } from '../../streams/kafka/memory/index.ts'
import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { type MemoryBackend, createMemoryBackend } from '../../streams/state/memory/index.ts'
import { type StateWrite } from '../../streams/state/port.ts'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { type TopicDef } from '../../streams/topic.ts'
import { type ManualClock, createManualClock } from '../../streams/time/manual-clock.ts'
import { toRecord } from '../../ops/play/commands.ts'
import { catalogName } from '../../topology/catalog/process-catalog.ts'
import { stockPartitionOf } from '../../topology/inventory/routing.ts'
import { inventoryName, stockStore } from '../../topology/inventory/stores.ts'
import { orderStore, ordersName, viewStore } from '../../topology/orders/process-orders.ts'
import { checkSignature } from '../../topology/callbacks/signature.ts'
import { paymentsName } from '../../topology/payments/gateway-effect.ts'
import { paymentIndex, paymentStore } from '../../topology/payments/process-payments.ts'
import { readEmbeddedCallback } from '../../topology/payments/read-callback.ts'
import { shipmentIndex, shipmentStore, shippingName } from '../../topology/shipping/process-shipping.ts'
import { partitions, stockPartitions, topics } from '../../topology/topics.ts'
import { bindMemoryCodec } from './bind-codec.ts'
import { Tasks } from './stored-tasks.ts'
import { type KeyProvider } from '../../topology/personal.ts'
import { type ErasureQueries, type KeptRecord, type KeptRecords } from '../../api/privacy/ports.ts'
import { derivedKeys } from './derived-keys.ts'

/** What the tokens of the API under test say. */
export const testTokenRules = { issuer: 'test', audience: 'test-api' }
const tokenKey = await generateTokenKey()

/** The keys that the API under test signs with and believes. */
export const testTokenKeys = await openTokenKeys({ read: async () => [tokenKey], clock: { now: Date.now }, ttlS: 900 })

/** Secrets that sign the callbacks of the payment provider: the new one and the one before. */
export const callbackSecrets = ['whsec_new', 'whsec_old'] as const

/** An API over a memory broker and memory state, with what the orders processor would do done by hand. */
export interface ApiUnderTest {
  readonly app: FastifyInstance
  readonly broker: MemoryBroker
  readonly state: MemoryBackend
  readonly clock: ManualClock
  /** A token for that role; the subject is the customer id of customers. */
  token (role: Role, subject?: string, grants?: readonly Permission[]): Promise<string>
  /** Lets time pass, in steps, until the condition holds or the promise settles. */
  until (condition: (() => boolean) | Promise<unknown>): Promise<void>
  /** Every command in the log, in order. */
  commands (topic?: string): PlaceOrder[]
  /** Every record in a topic, in order. */
  taken<V extends TypedValue> (topic: TopicDef<V>): V[]
  /** The payments task of that order stores these payments and has processed its compensations up to `next`. */
  storePayment (payment: PaymentState, next?: bigint): Promise<void>
  /** The catalog, as the API has it. */
  readonly catalog: CatalogReader
  /** What the catalog task of that SKU, or of the tree, would do: stores rows, and has processed its commands up to `next`. */
  storeCatalog (key: string, writes: readonly StateWrite[], next?: bigint): Promise<void>
  /** Tells the newest state of products and categories, and waits until the API has it. */
  tell (...views: ReadonlyArray<ProductView | CategoryView>): Promise<void>
  /** What the inventory task of that SKU would do: stores rows, and has processed its commands up to `next`. */
  storeInventory (sku: string, writes: readonly StateWrite[], next?: bigint): Promise<void>
  /** The shipping task of that order stores these shipments. */
  storeShipments (shipments: ShipmentState): Promise<void>
  /** The orders task of that order stores these and has processed its commands up to `next`. */
  store (orderId: string, rows: { readonly view?: OrderView, readonly state?: OrderState }, next?: bigint): Promise<void>
}

export interface BuildOptions extends Partial<ServerOptions> {
  readonly history?: EventHistory
  readonly orderLists?: OrderLists
  /** @default as served */
  readonly admission?: Admission
  /** Stock by SKU, and the levels of low ones. */
  readonly stocks?: ReadonlyMap<string, StockState>
  readonly levels?: readonly StockLevel[]
  readonly held?: readonly HeldStock[]
  /** @default of this process alone */
  readonly idempotency?: (clock: ManualClock) => IdempotencyStore
  /** Risk accounts by customer. */
  readonly accounts?: ReadonlyMap<string, RiskAccount>
  /** What is on the accounts of the ledger; a function may fail. */
  readonly balances?: () => readonly LedgerBalance[]
  /** What analytics answers. @default no rows */
  readonly analytics?: Analytics
  /** Accounts; absent = none of their routes works. */
  readonly identity?: IdentityServices
  /** Orders of which a shipment waits, or is late. */
  readonly shipmentLists?: ShipmentLists
  /** What products cost when. */
  readonly prices?: PriceHistory
  /** Takes commands instead of the log. */
  readonly commandLog?: CommandLog
  /** Subscriptions to events; absent = none of their routes works. */
  readonly webhooks?: WebhookServices
  /** Notifications; absent = none of their routes works. */
  readonly notifications?: Omit<NotificationServices, 'feed' | 'history'> & Partial<NotificationServices>
  /** Keys of personal data. @default derived from seven */
  readonly keys?: KeyProvider
  /** Who is erased. @default nobody */
  readonly erasures?: ErasureQueries
  /** What analytics keeps of persons. @default nothing */
  readonly kept?: KeptRecords
  /** Leaves the state empty, as after a flush. */
  readonly noState?: boolean
}

async function * nothing (): AsyncGenerator<KeptRecord, void, undefined> {}

/** Builds the API; it is closed with the test. All tasks of the orders processor are there and idle. */
export async function buildApi (t: Test, options: BuildOptions = {}): Promise<ApiUnderTest> {
  await bindMemoryCodec()
  const {
    noState, webhooks, history, orderLists, admission, identity, commandLog, prices = { list: async () => [] },
    stocks = new Map<string, StockState>(), levels = [], held = [], idempotency = createMemory,
    accounts = new Map<string, RiskAccount>(), balances = () => [],
    ...appOptions
  } = options
  const broker = createMemoryBroker()
  const kafka = broker.client()
  await kafka.start()
  const state = createMemoryBackend()
  const clock = createManualClock(1_700_000_000_000)
  const commandTopics: readonly TopicDef[] = [
    topics.orders.commands, topics.orders.commandsTrusted, topics.compensations.payment, topics.payments.callbacks, topics.inventory.commands,
    topics.customers.commands, topics.flags.state, topics.orders.events, topics.behaviour.commands, topics.privacy.commands,
    topics.catalog.commands, topics.catalog.state, topics.catalog.categories,
    topics.shipping.commands, topics.compensations.shipment
  ]
  await kafka.admin.createTopics(commandTopics.map(topic => ({ name: topic.name, partitions: topic.partitions, replicas: 1, config: { 'max.message.bytes': '4194304' } })))
  const tasks = new Tasks(state, ordersName, [topics.orders.commands.name, topics.orders.commandsTrusted.name])
  const payments = new Tasks(state, paymentsName, [topics.compensations.payment.name])
  const catalogTasks = new Tasks(state, catalogName, [topics.catalog.commands.name])
  const inventory = new Tasks(state, inventoryName, [topics.inventory.commands.name])
  const shipping = new Tasks(state, shippingName, [topics.shipping.commands.name])
  if (noState !== true) {
    for (let partition = 0; partition < partitions; partition++) {
      await Promise.all([tasks, payments, shipping, catalogTasks].map(async each => { await each.apply(partition, [], 0n) }))
    }
    for (let partition = 0; partition < stockPartitions; partition++) {
      const rows = [...stocks].filter(([sku]) => stockPartitionOf(sku) === partition)
      await inventory.apply(partition, rows.map(([sku, stock]) => ({ store: stockStore.name, key: sku, value: stockStore.value.encode(stock) })), 0n)
    }
  }
  const storeInventory: ApiUnderTest['storeInventory'] = async (sku, writes, next = 1n) => { await inventory.apply(stockPartitionOf(sku), writes, next) }
  const catalog = createCatalogTable({ kafka, state, applicationId: 'commerce', clock })
  const flags = createKafkaFlags({ kafka, clock })
  await flags.whole()
  const behaviour = createKafkaBehaviourLog(kafka.producer())
  const features = openFeatures(flags, createExposureHook({ log: behaviour, clock }))
  const feed = createKafkaEventFeed({ kafka, clock, topic: topics.orders.events })
  const app = await buildServer({
    verify: createTokenVerifier(testTokenKeys, testTokenRules),
    limits: { user: { max: 1000, windowMs: 60_000 } },
    // A busy machine must not shed the tests' requests.
    maxEventLoopDelayMs: 0,
    services: {
      commandLog: commandLog ?? createKafkaCommandLog(kafka.producer()),
      orders: createStateOrderQueries({ backend: state, applicationId: 'commerce' }),
      payments: createStatePaymentQueries({ backend: state, applicationId: 'commerce' }),
      callbacks: {
        provider: 'embedded',
        header: 'payment-signature',
        check: (signature, body, nowMs) => checkSignature(signature, body, Math.floor(nowMs / 1000), { secrets: callbackSecrets, toleranceS: 300 }),
        read: readEmbeddedCallback
      },
      shipments: createStateShipmentQueries({ backend: state, applicationId: 'commerce' }),
      shipmentLists: options.shipmentLists ?? { pending: async () => [], delayed: async () => [] },
      carrierCallbacks: {
        check: (signature, body, nowMs) => checkSignature(signature, body, Math.floor(nowMs / 1000), { secrets: callbackSecrets, toleranceS: 300 })
      },
      history: history ?? { list: async () => [], reached: async () => -1n },
      orderLists: orderLists ?? { list: async () => [] },
      feed,
      stock: createStateStockQueries({ backend: state, applicationId: 'commerce' }),
      stockLevels: {
        list: async (after, limit) => levels.filter(level => level.sku > after).slice(0, limit),
        low: async (after, limit) => levels.filter(level => level.sku > after).slice(0, limit),
        held: async ({ after, limit }) => held.filter(({ orderId, sku }) => `${orderId} ${sku}` > `${after?.orderId ?? ''} ${after?.sku ?? ''}`).slice(0, limit)
      },
      catalog,
      catalogOutcomes: createCatalogOutcomes({ backend: state, applicationId: 'commerce' }, clock),
      prices,
      risk: { read: async id => accounts.get(id), commandHash: async () => undefined },
      flags,
      features: features.client,
      behaviour,
      ledger: { balances: async () => balances() },
      analytics: options.analytics ?? { ask: async () => [] as never, export: async () => Readable.from([]) },
      idempotency: idempotency(clock),
      admission: admission ?? createAdmission({ clock }),
      identity: identity ?? {} as IdentityServices,
      webhooks: webhooks ?? {} as WebhookServices,
      notifications: { feed, history: { list: async () => [], reached: async () => -1n }, ...options.notifications } as NotificationServices,
      erasures: options.erasures ?? { read: async () => undefined },
      kept: options.kept ?? { ofAccount: nothing, ofOrder: nothing, ofVisitor: nothing },
      keys: options.keys ?? derivedKeys(Buffer.alloc(32, 7)),
      clock
    },
    ...appOptions
  })
  await app.ready()
  t.teardown(async () => {
    await app.close()
    await catalog.close()
    await features.close()
    await flags.close()
    feed.close()
    await kafka.close()
  })
  return {
    app,
    broker,
    state,
    clock,
    token: async (role, subject = 'customer-1', grants) => await signToken(tokenKey, testTokenRules, { subject, roles: [role], ttlS: 60, ...(grants === undefined ? {} : { grants }) }),
    until: async condition => {
      let done = false
      const finish = (): void => { done = true }
      if (typeof condition !== 'function') condition.then(finish, finish)
      while (!(typeof condition === 'function' ? condition() : done)) await clock.advance(20)
    },
    commands: (topic = topics.orders.commands.name) => Array.from({ length: partitions }, (_, partition) => broker.entries(topic, partition)).flat()
      .map(entry => topics.orders.commands.value.decode(entry.value as Buffer) as PlaceOrder),
    store: async (orderId, rows, next = 1n) => {
      const writes: StateWrite[] = []
      if (rows.view !== undefined) writes.push({ store: viewStore.name, key: orderId, value: viewStore.value.encode(rows.view) })
      if (rows.state !== undefined) writes.push({ store: orderStore.name, key: orderId, value: orderStore.value.encode(rows.state) })
      await tasks.apply(partitionOf(orderId, partitions), writes, next)
    },
    storePayment: async (payment, next = 1n) => {
      const ids = [...payment.earlier.map(({ paymentId }) => paymentId), payment.paymentId]
      const writes: StateWrite[] = ids.map(paymentId => {
        return { store: paymentIndex.name, key: paymentId, value: paymentIndex.value.encode({ type: 'PaymentIndexEntry', paymentId, orderId: payment.orderId }) }
      })
      writes.push({ store: paymentStore.name, key: payment.orderId, value: paymentStore.value.encode(payment) })
      await payments.apply(partitionOf(payment.orderId, partitions), writes, next)
    },
    catalog,
    storeCatalog: async (key, writes, next = 1n) => { await catalogTasks.apply(partitionOf(key, partitions), writes, next) },
    tell: async (...views) => {
      const isProduct = (view: ProductView | CategoryView): view is ProductView => view.type === 'ProductView'
      const here = (id: string) => catalog.categories().find(({ categoryId }) => categoryId === id)
      await kafka.producer().send(views.map(view =>
        isProduct(view) ? toRecord(topics.catalog.state, view.sku, view) : toRecord(topics.catalog.categories, view.categoryId, view)))
      const isTold = (): boolean => views.every(view => isDeepStrictEqual(isProduct(view) ? catalog.product(view.sku) : here(view.categoryId), view))
      while (!catalog.isReady || !isTold()) await new Promise(resolve => { setImmediate(resolve) })
    },
    storeInventory,
    storeShipments: async shipments => {
      const { orderId } = shipments
      const writes: StateWrite[] = shipments.shipments.map(({ shipmentId }) => {
        return { store: shipmentIndex.name, key: shipmentId, value: shipmentIndex.value.encode({ type: 'ShipmentIndexEntry', shipmentId, orderId }) }
      })
      writes.push({ store: shipmentStore.name, key: orderId, value: shipmentStore.value.encode(shipments) })
      await shipping.apply(partitionOf(orderId, partitions), writes, 1n)
    },
    taken: topic => Array.from({ length: partitions }, (_, partition) => broker.entries(topic.name, partition)).flat()
      .map(entry => topic.value.decode(entry.value as Buffer))
  }
}

const createMemory = (clock: ManualClock): IdempotencyStore => createMemoryIdempotency({ clock })
