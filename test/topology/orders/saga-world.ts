import { type SagaCommand } from '../../../topology/orders/draft.ts'
import { type Fact } from '../../../topology/orders/facts.ts'
import { carriersByName } from '../../../topology/shipping/carrier.ts'
import { decideShipment } from '../../../topology/shipping/shipment.ts'
import { OrderRun, orderId, orderOverPartitions, reply } from './order-fixtures.ts'
import { StockWorld } from './stock-world.ts'

/** A SKU in each partition; the order takes two pieces of each. */
const skus = ['P0-mug', 'P1-bag', 'P2-cup']

type Ending = 'ok' | 'declined' | 'technical'

/** What the others will answer, where they have a choice, and what the customer wants. */
export interface Fate {
  readonly partitions: number
  /** Partition that is short of stock by one piece of two; beyond the last = none. */
  readonly shortPartition: number
  /** What becomes of the authorisation, by attempt; the last one goes on. */
  readonly authorise: readonly Ending[]
  readonly capture: readonly Ending[]
  readonly onShortage: 'reject' | 'amend' | 'backorder'
  readonly onDecline: 'cancel' | 'retry'
  /** True: the customer decides when he is asked. False: he never comes back. */
  readonly acts: boolean
  /** What risk decides, and what a person makes of an order under review; `sleeps` = nothing, ever. */
  readonly risk: 'approved' | 'review' | 'rejected'
  readonly reviewer: 'approves' | 'refuses' | 'sleeps'
  /** True: the missing piece is delivered. */
  readonly restocks: boolean
}

/**
 * The rest of the platform as far as an order can see it: stock by the real decisions of inventory, payments and shipments with fences, each
 * behind two topics without a common order (commands and compensations), answering in the order in which they worked. Nothing is lost,
 * everything may be overtaken.
 */
export class SagaWorld {
  readonly run = new OrderRun()
  readonly stock: StockWorld
  money = { authorised: 0n, captured: 0n, voided: 0n, refunded: 0n, fencedThrough: 0 }
  readonly #fate: Fate
  readonly #queues = new Map<string, SagaCommand[]>()
  readonly #answers = new Map<string, Fact[]>()
  #shipment: Parameters<typeof decideShipment>[0]
  #taken = 0
  #restocked = false
  /** What was held when the order got its outcome, and how many commands were sent by then. */
  atOutcome: { readonly holdsNothing: boolean, readonly commands: number } | undefined

  constructor (fate: Fate) {
    this.#fate = fate
    this.stock = new StockWorld(Object.fromEntries(skus.slice(0, fate.partitions).map((sku, at) => [sku, at === fate.shortPartition ? 1 : 2])))
    this.run.risk = undefined
    const { onShortage, onDecline } = fate
    this.run.place({ ...orderOverPartitions(fate.partitions), onShortage, onDecline })
    this.#route()
  }

  get shipmentStatus () { return this.#shipment?.status ?? 'none' }

  /** Everything that could happen next: a queue moves, an answer arrives, a delivery comes, the customer decides. */
  get moves (): ReadonlyArray<() => void> {
    const commands = [...this.#queues].filter(([, queue]) => queue.length > 0).map(([name, queue]) => () => this.#work(name, queue.shift() as SagaCommand))
    const answers = [...this.#answers.values()].filter(queue => queue.length > 0).map(queue => () => this.tell(queue.shift() as Fact))
    return [...commands, ...answers, ...this.#deliveries(), ...this.#wishes()]
  }

  tell (fact: Fact): void {
    this.run.tell(fact)
    this.#route()
  }

  cancel (): void {
    this.run.cancel()
    this.#route()
  }

  compensate (): void {
    this.run.command({ type: 'CompensateOrder', orderId, cause: 'technical', reason: 'an operator' })
    this.#route()
  }

  fireTimer (lateMs = 0): void {
    if (this.run.saga.timerDueMs === null) return
    this.run.fire(lateMs)
    this.#route()
  }

  /** Lets everything happen in the given order until nothing moves; timers fire when nothing else does. */
  drain (choose: (count: number) => number): void {
    for (let round = 0; round < 800; round++) {
      const { moves } = this
      if (moves.length > 0) moves[choose(moves.length)]?.()
      else if (this.run.saga.timerDueMs !== null) this.fireTimer()
      else return
    }
    throw new Error('the order never came to rest')
  }

  #deliveries (): ReadonlyArray<() => void> {
    if (!this.#fate.restocks || this.#restocked || this.#fate.shortPartition >= this.#fate.partitions) return []
    return [() => {
      this.#restocked = true
      this.#answer(this.stock.restock(skus[this.#fate.shortPartition] as string, 1))
    }]
  }

  /** The customer takes what is there, or pays again, when he is asked. */
  #wishes (): ReadonlyArray<() => void> {
    const { view } = this.run
    if (view.state === 'OnRiskReview' && this.#fate.reviewer !== 'sleeps') {
      return [() => {
        this.run.review(this.#fate.reviewer === 'approves')
        this.#route()
      }]
    }
    if (!this.#fate.acts || view.state !== 'ActionRequired') return []
    return [() => {
      if (view.actionReason === 'paymentDeclined') this.run.command({ type: 'RetryPayment', orderId, payment: null })
      else {
        const short = view.lines.filter(line => view.shortages.some(shortage => shortage.sku === line.sku))
        this.run.command({ type: 'AmendOrder', orderId, lines: short.map(({ lineNo, quantity }) => ({ lineNo, quantity: quantity - 1 })) })
      }
      this.#route()
    }]
  }

  #route (): void {
    const fresh = this.run.commands.slice(this.#taken)
    this.#taken = this.run.commands.length
    for (const command of fresh) push(this.#queues, queueOf(command), command)
    if (this.run.view.outcome !== null) this.atOutcome ??= { holdsNothing: this.#holdsNothing(), commands: this.run.commands.length }
  }

  #holdsNothing (): boolean {
    const { authorised, captured, voided, refunded } = this.money
    return this.stock.isFree && authorised === captured + voided && captured === refunded && this.shipmentStatus !== 'created'
  }

  #work (queue: string, command: SagaCommand): void {
    const [area] = queue.split(' ')
    if (area === 'risk') return this.#answer(this.#assess(command))
    this.#answer(area === 'inventory' ? this.stock.ask(command) : area === 'payment' ? this.#pay(command) : this.#ship(command))
  }

  #answer (facts: readonly Fact[]): void {
    for (const fact of facts) push(this.#answers, 'partition' in fact ? `inventory ${fact.partition}` : fact.type.slice(0, 4), fact)
  }

  #assess (command: SagaCommand): readonly Fact[] {
    if (command.type !== 'AssessOrder') return []
    return [{ approved: reply.riskApproved, review: reply.riskReview, rejected: reply.riskRejected }[this.#fate.risk]()]
  }

  #pay (command: SagaCommand): readonly Fact[] {
    const { money } = this
    const currency = 'GBP'
    const open = money.authorised - money.captured - money.voided
    switch (command.type) {
      case 'AuthorizePayment':
      case 'CapturePayment': {
        const { attempt, amount } = command
        const head = { orderId, attempt, paymentId: 'pay-1' }
        const step = command.type === 'AuthorizePayment' ? 'authorise' : 'capture'
        const fail = (kind: 'declined' | 'technical' | 'fenced'): readonly Fact[] => [{ type: 'PaymentFailed', ...head, step, kind, code: kind, message: kind }]
        if (attempt <= money.fencedThrough) return fail('fenced')
        if (step === 'authorise' && open !== 0n) return fail('technical')
        const endings = this.#fate[step]
        const ending = endings[Math.min(attempt, endings.length) - 1] ?? 'ok'
        if (ending !== 'ok') return fail(ending)
        money[step === 'authorise' ? 'authorised' : 'captured'] += amount
        return step === 'authorise' ? [{ type: 'PaymentAuthorized', ...head, amount, currency, providerReference: 'ref' }] : [{ type: 'PaymentSucceeded', ...head, amount, currency }]
      }
      case 'VoidPayment': {
        money.fencedThrough = Math.max(money.fencedThrough, command.attempt)
        money.voided += open
        return [{ type: 'PaymentVoided', orderId, attempt: command.attempt, paymentId: 'pay-1', amount: open, currency, nothingToVoid: open === 0n }]
      }
      case 'RefundPayment': {
        const amount = money.captured - money.refunded
        money.refunded += amount
        return [{ type: 'PaymentRefunded', orderId, paymentId: 'pay-1', effectId: command.effectId, amount, totalRefunded: money.refunded, currency }]
      }
      default: return []
    }
  }

  #ship (command: SagaCommand): readonly Fact[] {
    if (command.type !== 'CreateShipment' && command.type !== 'CancelShipment') return []
    const decision = decideShipment(this.#shipment, command, { nowMs: 0, carrierOf: carriersByName([]), correlationId: 'c' })
    this.#shipment = decision.state
    return decision.events
  }
}

/** Where a command waits: the order in one of them is kept, between two of them there is none. */
export function queueOf (command: SagaCommand): string {
  switch (command.type) {
    case 'ReserveStock':
    case 'ConfirmReservation':
    case 'ExtendReservation': return `inventory ${command.partition} commands`
    case 'ReleaseReservation':
    case 'UnconfirmReservation': return `inventory ${command.partition} compensations`
    case 'AuthorizePayment':
    case 'CapturePayment': return 'payment commands'
    case 'VoidPayment':
    case 'RefundPayment': return 'payment compensations'
    case 'Restock': return 'inventory restock'
    case 'CreateShipment': return 'shipment commands'
    case 'CancelShipment': return 'shipment compensations'
    case 'AssessOrder':
    case 'ReleaseExposure': return 'risk commands'
  }
}

function push<Entry> (queues: Map<string, Entry[]>, name: string, entry: Entry): void {
  const queue = queues.get(name)
  if (queue === undefined) queues.set(name, [entry])
  else queue.push(entry)
}
