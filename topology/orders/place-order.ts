import { type Channel, type DeclinePolicy, type OrderState, type PlaceOrder, type ShortagePolicy } from '#schemas'
import { contentHash } from '../commands/processed-command.ts'
import { isCurrency } from '../money.ts'
import { type Decision, OrderDraft, type PartitionOfSku, rejected } from './draft.ts'
import { type Order, noCurrency } from './order.ts'
import { type PricedOrder, type PricingEnvironment, type Rejection, isPlacedAt, priceOrder, reject } from './price-order.ts'
import { reserve } from './reserve.ts'

export interface PlacementEnvironment extends PricingEnvironment {
  /** Context time, epoch ms. */
  readonly nowMs: number
  /** Now, epoch ms; later than the context time when the command waited. @default nowMs */
  readonly wallMs?: number
  /** Id of the command, derived from its place in the log when the sender gave none. */
  readonly commandId: string
  /** Inventory partition of a SKU: the one function that reserves, registers and adjusts by. */
  readonly partitionOf: PartitionOfSku
}

/** What an order does about short stock and a declined payment when it does not say: who sits at a screen is asked, a batch is not. */
export const channelPolicies: Readonly<Record<Channel, { readonly onShortage: ShortagePolicy, readonly onDecline: DeclinePolicy }>> = {
  storefront: { onShortage: 'amend', onDecline: 'retry' },
  api: { onShortage: 'amend', onDecline: 'retry' },
  import: { onShortage: 'reject', onDecline: 'cancel' },
  backoffice: { onShortage: 'reject', onDecline: 'cancel' }
}

/**
 * Decides a PlaceOrder. `order` is what is known under its id.
 *
 * - Known, same body: nothing happens, it is counted. Known, another body: rejected, the known order stays as it is.
 * - New and valid: OrderCreated with the prices of this moment, and the saga starts.
 * - New and not valid: rejected, and the id is Rejected for good; to try again takes a new id.
 */
export function decidePlaceOrder (order: Order | undefined, command: PlaceOrder, env: PlacementEnvironment): Decision {
  const hash = contentHash(command)
  if (order !== undefined) {
    if (order.saga.bodyHash !== hash) return rejected(reject('order-id-reused', '/orderId'))
    const draft = new OrderDraft(order, env.nowMs)
    draft.countRepeat()
    return draft.finish()
  }
  const priced = priceOrder(command, env)
  if ('code' in priced) return refuse(command, priced, hash, env)
  return accept(command, priced, hash, env)
}

function accept (command: PlaceOrder, priced: PricedOrder, hash: string, env: PlacementEnvironment): Decision {
  const { orderId, placedAt, channel, customerId, currency, shippingAddress, guestEmail, deliverySpeed, payment, clientReference, country } = command
  const { lines, total, quotedIgnored, weightGrams, volumeCm3 } = priced
  const onShortage = command.onShortage ?? channelPolicies[channel].onShortage
  const onDecline = command.onDecline ?? channelPolicies[channel].onDecline
  const created = {
    type: 'OrderCreated',
    orderId,
    placedAt,
    channel,
    customerId,
    currency,
    lines,
    total,
    shippingAddress,
    guestEmail,
    deliverySpeed,
    payment,
    onShortage,
    onDecline,
    clientReference,
    bodyHash: hash,
    quotedIgnored,
    country
  } as const
  const measures = { weightGrams, volumeCm3 }
  const saga = { ...blankSaga(command, hash, env), shippingAddress, guestEmail, deliverySpeed, paymentChoice: payment, ...measures, onShortage, onDecline }
  const draft = OrderDraft.born(saga, created, env.nowMs, env.wallMs, env.partitionOf)
  reserve(draft)
  return draft.finish()
}

function refuse (command: PlaceOrder, rejection: Rejection, hash: string, env: PlacementEnvironment): Decision {
  const { orderId, channel, customerId, placedAt, clientReference } = command
  const { code, message } = rejection
  const event = { type: 'OrderRejected', orderId, code, message } as const
  const draft = OrderDraft.born({ ...blankSaga(command, hash, env), phase: 'closed' }, event, env.nowMs)
  const currency = isCurrency(command.currency) ? command.currency : noCurrency
  draft.show({ channel, customerId, currency, placedAt: isPlacedAt(placedAt) ? placedAt : env.nowMs, clientReference })
  return { ...draft.finish(), rejection }
}

function blankSaga (command: PlaceOrder, hash: string, { commandId }: PlacementEnvironment): OrderState {
  return {
    type: 'OrderState',
    orderId: command.orderId,
    phase: 'reserving',
    attempt: 1,
    bodyHash: hash,
    correlationId: command.meta.correlationId === '' ? commandId : command.meta.correlationId,
    shippingAddress: null,
    guestEmail: null,
    deliverySpeed: command.deliverySpeed,
    paymentChoice: null,
    weightGrams: 0,
    volumeCm3: 0,
    parts: [],
    payment: 'untouched',
    shipment: 'none',
    cause: null,
    reason: '',
    stepDueMs: null,
    sagaDueMs: null,
    timerDueMs: null,
    resends: 0,
    commandIds: [commandId],
    repeats: 0,
    paymentAttempt: 1,
    onShortage: 'reject',
    onDecline: 'cancel',
    shortages: [],
    waitDueMs: null,
    sagaLeftMs: null,
    waitsSince: null,
    commandHashes: {},
    stop: null,
    shipments: 0,
    handOvers: [],
    refunds: []
  }
}
