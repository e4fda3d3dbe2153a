import { type MessageName, type MessageTypes } from '#schemas'
import { type TypedValue } from '../streams/serde/serde.ts'
import { type Cleanup, type TopicDef, defineTopic } from '../streams/topic.ts'
import { commerceSerde } from './codec.ts'
import { partitions, stockPartitions } from './partitions.ts'

export { partitions, stockPartitions }

const dayMs = 86_400_000
const keep: Cleanup = { policy: 'keep' }
const compact: Cleanup = { policy: 'compact' }
const days = (count: number): Cleanup => ({ policy: 'delete', retentionMs: count * dayMs })

function topic<Name extends MessageName> (
  name: string, keyName: string, cleanup: Cleanup, records: readonly Name[], count = partitions
): TopicDef<MessageTypes[Name]> {
  const full = `commerce.${name}`
  return defineTopic({ name: full, partitions: count, cleanup, keyName, value: commerceSerde(full, records) })
}

const orderCommands = [
  'PlaceOrder', 'CancelOrder', 'AmendOrder', 'RetryPayment', 'ReviewDecision', 'ShipOrder', 'RequestReturn', 'ApproveReturn', 'ReceiveReturn'
] as const

/**
 * Every topic of the platform. Names, keys, retention and the records that each may carry; nothing else is ever written to them.
 * Keys are plain UTF-8; the partition of a key is Java's murmur2 over its bytes, whatever the client's default partitioner does.
 */
export const topics = {
  orders: {
    commands: topic('orders.commands', 'orderId', days(7), orderCommands),
    /** Same records from senders that may quote prices; guarded by an access list of its own. */
    commandsTrusted: topic('orders.commands.trusted', 'orderId', days(7), orderCommands),
    events: topic('orders.events', 'orderId', keep, [
      'OrderCreated', 'OrderRejected', 'OrderInventoryReserved', 'OrderPaymentInitiated', 'OrderPaymentAuthorized', 'OrderPaymentCompleted',
      'OrderConfirmed', 'OrderActionRequired', 'OrderAmended', 'OrderBackOrdered', 'OrderCompensationStarted', 'OrderCancelled', 'OrderFailed',
      'OrderTimedOut', 'OrderPartiallyShipped', 'OrderShipped', 'OrderLinesCancelled', 'OrderDelivered', 'OrderReturnRequested',
      'OrderReturnDeclined', 'OrderPartiallyReturned', 'OrderReturned', 'OrderRiskReviewRequested', 'OrderRiskCleared'
    ]),
    rejections: topic('orders.rejections', 'orderId', days(30), ['CommandRejected']),
    state: topic('orders.state', 'orderId', compact, ['OrderView'])
  },
  inventory: {
    /** Key: sku; for reservations the order id, and the partition is that of their SKUs. */
    commands: topic('inventory.commands', 'sku or orderId', days(7), [
      'RegisterSku', 'ReserveStock', 'ConfirmReservation', 'ExtendReservation', 'AdjustStock', 'Restock', 'HoldStock', 'ReleaseHold'
    ], stockPartitions),
    events: topic('inventory.events', 'sku', days(30), [
      'SkuRegistered', 'ReservationConfirmed', 'ReservationUnconfirmed', 'StockReserved', 'StockReservationRejected', 'StockDeducted', 'StockReleased',
      'StockAdjusted', 'ReservationExpired', 'LowStockDetected', 'BackOrderQueued', 'BackOrderFilled', 'BackOrderWithdrawn'
    ]),
    /** How much of each SKU can be had, roughly; written only when that changes. */
    availability: topic('inventory.availability', 'sku', compact, ['AvailabilityChanged']),
    replies: topic('inventory.replies', 'orderId', days(7), [
      'LinesReserved', 'LinesBackOrdered', 'LinesRejected', 'LinesConfirmed', 'LinesConfirmRejected', 'LinesUnconfirmed', 'LinesReleased',
      'LinesExpired'
    ])
  },
  payments: {
    commands: topic('payments.commands', 'orderId', days(7), ['AuthorizePayment', 'CapturePayment']),
    events: topic('payments.events', 'orderId', keep, [
      'PaymentCreated', 'PaymentAuthorized', 'PaymentSucceeded', 'PaymentFailed', 'PaymentDeferred', 'PaymentVoided', 'PaymentPartiallyRefunded',
      'PaymentRefunded', 'RefundFailed'
    ]),
    /** What the provider tells by itself: as it came, signature checked, perhaps twice. */
    callbacks: topic('payments.callbacks', 'orderId', days(7), ['PaymentCallback'])
  },
  shipping: {
    commands: topic('shipping.commands', 'orderId', days(7), ['CreateShipment', 'RecordTracking', 'RecordDeliveryAttempt', 'ConfirmDelivery']),
    events: topic('shipping.events', 'orderId', keep, [
      'ShipmentCreated', 'ShipmentRefused', 'ShipmentCancelled', 'ShipmentPickedUp', 'ShipmentInTransit', 'ShipmentOutForDelivery', 'ShipmentDeliveryFailed',
      'ShipmentDelivered', 'ShipmentReturned', 'ShipmentTrackingUpdated', 'ShipmentDelayed'
    ])
  },
  /** Compensations have topics of their own: idempotent, repeated until done, never parked. */
  compensations: {
    inventory: topic('compensations.inventory', 'orderId', days(30), ['ReleaseReservation', 'UnconfirmReservation'], stockPartitions),
    payment: topic('compensations.payment', 'orderId', days(30), ['VoidPayment', 'RefundPayment']),
    shipment: topic('compensations.shipment', 'orderId', days(30), ['CancelShipment']),
    order: topic('compensations.order', 'orderId', days(30), ['CompensateOrder'])
  },
  risk: {
    commands: topic('risk.commands', 'customerId, or the orderId of a guest', days(7), ['AssessOrder', 'ReleaseExposure']),
    decisions: topic('risk.decisions', 'orderId', days(30), ['RiskApproved', 'RiskReviewRequired', 'RiskRejected'])
  },
  customers: {
    commands: topic('customers.commands', 'customerId', days(7), ['SetCreditLimit'])
  },
  /** Switches of the platform, as they stand now. */
  flags: {
    state: topic('flags', 'flag name', compact, ['FlagChanged'])
  },
  behaviour: {
    /** Key: the session, or the subject of an exposure. What clients tell, perhaps twice. */
    commands: topic('behaviour.commands', 'sessionId or subject', days(7), [
      'RecordProductViewed', 'RecordProductAddedToCart', 'RecordCheckoutStarted', 'RecordExposure'
    ]),
    /** What visitors do, each thing once; purchases are told by the orders themselves, under their key. */
    events: topic('behaviour.events', 'sessionId, or orderId of a purchase', days(30), ['ProductViewed', 'ProductAddedToCart', 'CheckoutStarted', 'ProductPurchased'])
  },
  experiments: {
    exposures: topic('experiments.exposures', 'subject', days(30), ['ExperimentExposed'])
  },
  catalog: {
    /** Key: sku; commands about categories belong to one task, whatever their key: see topology/catalog/routing.ts. */
    commands: topic('catalog.commands', 'sku, or `categories`', days(7), [
      'CreateProduct', 'UpdateProduct', 'ChangePrice', 'PublishProduct', 'UnpublishProduct', 'ArchiveProduct',
      'CreateCategory', 'RenameCategory', 'MoveCategory', 'ArchiveCategory'
    ]),
    events: topic('catalog.events', 'sku or categoryId', keep, [
      'ProductCreated', 'ProductUpdated', 'ProductPriceChanged', 'ProductPublished', 'ProductUnpublished', 'ProductArchived', 'ProductInventoryUpdated',
      'CategoryCreated', 'CategoryRenamed', 'CategoryMoved', 'CategoryArchived'
    ]),
    state: topic('catalog.state', 'sku', compact, ['ProductView']),
    categories: topic('catalog.categories', 'categoryId', compact, ['CategoryView'])
  },
  imports: {
    /** Invoices of an imported file, in the order of the file per key. */
    invoices: topic('imports.invoices', 'customerId, or the invoice number of a guest', days(7), ['ImportedInvoice']),
    /** Outcomes of imported orders, keyed again by customer: what credit notes wait for. */
    orderOutcomes: topic('imports.order-outcomes', 'customerId', days(7), ['ImportedOrderSettled'])
  },
  returns: {
    /** Key of a credit: the newest order that it takes from; what belongs to no order is filed under an id of its own. */
    events: topic('returns.events', 'orderId', keep, [
      'CreditNoteMatched', 'CreditNoteUnmatched', 'CreditedOrderWithdrawn', 'ReturnRequested', 'ReturnApproved', 'ReturnDeclined', 'ReturnReceived',
      'ReturnExpired', 'RefundIssued'
    ])
  },
  ledger: {
    /** Key: the order, or the entry where there is none. */
    entries: topic('ledger.entries', 'orderId or entryId', keep, ['LedgerPosted'])
  },
  identity: {
    /** Carries hashes of passwords: for the identity processor alone, and kept as short as it can be. */
    commands: topic('identity.commands', 'userId or emailKey', days(1), [
      'RegisterUser', 'ReleaseEmail', 'OpenUser', 'CreateServiceAccount', 'VerifyEmail', 'LogIn', 'RefreshSession', 'LogOut', 'ChangePassword',
      'RequestPasswordReset', 'ResetPassword', 'UpdateProfile', 'SetRoles', 'DeleteUser'
    ]),
    events: topic('identity.events', 'userId', keep, [
      'UserRegistered', 'EmailVerified', 'UserLoggedIn', 'PasswordChanged', 'ProfileUpdated', 'RoleGranted', 'RoleRevoked', 'UserLocked', 'UserUnlocked',
      'SessionsRevoked', 'UserDeleted'
    ])
  },
  analytics: {
    /** Signed deltas by what is counted: figures are sums over them, in whatever order. ClickHouse keeps them. */
    facts: topic('analytics.facts', 'orderId, sku or sessionId', days(30), ['OrderFact', 'PaymentFact', 'StockFact', 'ProductFact'])
  },
  notifications: {
    requests: topic('notifications.requests', 'userId', days(7), ['NotificationRequested']),
    /** What readers want, what is taken back, and what providers tell by themselves. */
    commands: topic('notifications.commands', 'userId', days(7), [
      'SetNotificationPreferences', 'CancelNotification', 'MarkNotificationsRead', 'NotificationReceipt'
    ]),
    /** What became of each notification, channel by channel. */
    events: topic('notifications.events', 'userId', days(30), ['NotificationSent', 'NotificationDelivered', 'NotificationFailed', 'NotificationCancelled'])
  },
  webhooks: {
    /** What owners ask of their subscriptions. A URL may hold a secret of its receiver: kept as short as it can be. */
    commands: topic('webhooks.commands', 'ownerId', days(1), [
      'SubscribeWebhook', 'ChangeWebhook', 'RotateWebhookSecret', 'RemoveWebhook', 'PingWebhook', 'ResendWebhook'
    ]),
    /** One message for each event and subscription, in its public form. */
    deliveries: topic('webhooks.deliveries', 'ownerId', days(1), ['WebhookDue']),
    /** Whom events are told to. */
    routes: topic('webhooks.routes', 'partition of the task', compact, ['WebhookRoutes']),
    events: topic('webhooks.events', 'ownerId', days(30), ['WebhookChanged', 'WebhookDisabled'])
  },
  privacy: {
    /** Key: the customer, or the order of a guest. */
    commands: topic('privacy.commands', 'customerId, or the orderId of a guest', days(7), ['EraseSubject']),
    /** Which data keys are destroyed: every process forgets them, and destroys them again where an older key store was restored. Never a key. */
    keys: topic('privacy.keys', 'id of the data key', compact, ['SubjectErased'])
  },
  audit: {
    /** What administrators did, with its proof. */
    admin: topic('audit.admin', 'what it was done to', keep, ['SubjectErased']),
    /** Conservation laws that were found broken, by the processors that watch them and by the reconciler of the counts. */
    invariants: topic('audit.invariants', 'sku, orderId, or topic and partition', keep, ['InvariantViolated'])
  }
} as const

/** Dead letters: original key, partition and bytes; reason and origin in headers. Not Avro of ours, so it has no serde. */
export const deadLetterTopic = { name: 'commerce.dlq', partitions, cleanup: keep, keyName: 'key of the dead record' } as const

/** Redrive and Discard of what is parked: JSON, read by the runtime. Task p of every processor reads partition p. */
export const deadLetterCommandTopic = { name: 'commerce.dlq.commands', partitions, cleanup: days(7), keyName: 'processor' } as const

/** What became of parked keys, and of those commands: JSON, written by the runtime. */
export const deadLetterEventTopic = { name: 'commerce.dlq.events', partitions, cleanup: keep, keyName: 'parked key' } as const

/** Topics of the runtime's own beside the changelogs. */
export const deadLetterTopics = [deadLetterTopic, deadLetterCommandTopic, deadLetterEventTopic] as const

/** The catalogue as a list, in the order of the declaration. */
export const allTopics: readonly TopicDef[] = Object.values(topics).flatMap(group => Object.values<TopicDef>(group))

/** The topic of that name. */
export function findTopic (name: string): TopicDef | undefined {
  return allTopics.find(topic => topic.name === name)
}

/** The values that a topic carries. */
export type ValueOf<Topic> = Topic extends TopicDef<infer Value extends TypedValue> ? Value : never

export type OrderCommand = ValueOf<typeof topics.orders.commands>
export type OrderEvent = ValueOf<typeof topics.orders.events>
export type InventoryCommand = ValueOf<typeof topics.inventory.commands>
export type InventoryEvent = ValueOf<typeof topics.inventory.events>
export type InventoryReply = ValueOf<typeof topics.inventory.replies>
export type InventoryCompensation = ValueOf<typeof topics.compensations.inventory>
export type PaymentCommand = ValueOf<typeof topics.payments.commands>
export type PaymentEvent = ValueOf<typeof topics.payments.events>
export type PaymentCompensation = ValueOf<typeof topics.compensations.payment>
export type ShippingCommand = ValueOf<typeof topics.shipping.commands>
export type ShipmentEvent = ValueOf<typeof topics.shipping.events>
export type ReturnsEvent = ValueOf<typeof topics.returns.events>
export type RiskCommand = ValueOf<typeof topics.risk.commands>
export type RiskDecision = ValueOf<typeof topics.risk.decisions>
export type IdentityCommand = ValueOf<typeof topics.identity.commands>
export type PrivacyCommand = ValueOf<typeof topics.privacy.commands>
export type IdentityEvent = ValueOf<typeof topics.identity.events>
export type BehaviourCommand = ValueOf<typeof topics.behaviour.commands>
export type CatalogCommand = ValueOf<typeof topics.catalog.commands>
export type CatalogEvent = ValueOf<typeof topics.catalog.events>
export type NotificationCommand = ValueOf<typeof topics.notifications.commands>
export type NotificationEvent = ValueOf<typeof topics.notifications.events>
