import { type SagaCommand } from '../../../topology/orders/draft.ts'
import { type Fact } from '../../../topology/orders/facts.ts'
import { decideShipment } from '../../../topology/shipping/shipment.ts'
import { OrderRun, orderId, orderOverPartitions } from './order-fixtures.ts'

/** What the others will answer, where they have a choice. */
export interface Fate {
  readonly partitions: number
  /** Partition that is short of stock; beyond the last = none. */
  readonly shortPartition: number
  readonly authorise: 'ok' | 'declined' | 'technical'
  readonly capture: 'ok' | 'declined' | 'technical'
}

type Forward = 'inventory' | 'payment' | 'shipment'

/**
 * The rest of the platform as far as an order can see it: stock, payments and shipments with fences, each behind two topics without a common
 * order (commands and compensations), answering in the order in which they worked. Nothing is lost, everything may be overtaken.
 */
export class SagaWorld {
  readonly run = new OrderRun()
  readonly held: Array<'none' | 'reserved' | 'deducted' | 'ended'>
  money = { authorised: 0n, captured: 0n, voided: 0n, refunded: 0n, fenced: false }
  readonly #fate: Fate
  readonly #queues = new Map<string, SagaCommand[]>()
  readonly #answers = new Map<string, Fact[]>()
  #shipment: Parameters<typeof decideShipment>[0]
  #taken = 0
  /** What was held when the order got its outcome, and how many commands were sent by then. */
  atOutcome: { readonly holdsNothing: boolean, readonly commands: number } | undefined

  constructor (fate: Fate) {
    this.#fate = fate
    this.held = Array.from({ length: fate.partitions }, () => 'none')
    this.run.place(orderOverPartitions(fate.partitions))
    this.#route()
  }

  get shipmentStatus () { return this.#shipment?.status ?? 'none' }

  /** Everything that could happen next: a queue moves, an answer arrives. */
  get moves (): ReadonlyArray<() => void> {
    const commands = [...this.#queues].filter(([, queue]) => queue.length > 0).map(([name, queue]) => () => this.#work(name, queue.shift() as SagaCommand))
    const answers = [...this.#answers.values()].filter(queue => queue.length > 0).map(queue => () => this.tell(queue.shift() as Fact))
    return [...commands, ...answers]
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
    for (let round = 0; round < 500; round++) {
      const { moves } = this
      if (moves.length > 0) moves[choose(moves.length)]?.()
      else if (this.run.saga.timerDueMs !== null) this.fireTimer()
      else return
    }
    throw new Error('the order never came to rest')
  }

  #route (): void {
    const fresh = this.run.commands.slice(this.#taken)
    this.#taken = this.run.commands.length
    for (const command of fresh) push(this.#queues, queueOf(command), command)
    if (this.run.view.outcome !== null) this.atOutcome ??= { holdsNothing: this.#holdsNothing(), commands: this.run.commands.length }
  }

  #holdsNothing (): boolean {
    const { authorised, captured, voided, refunded } = this.money
    return this.held.every(held => held === 'ended') && authorised === captured + voided && captured === refunded && this.shipmentStatus !== 'created'
  }

  #work (queue: string, command: SagaCommand): void {
    const [area] = queue.split(' ') as [Forward]
    const facts = area === 'inventory' ? this.#stock(command) : area === 'payment' ? this.#pay(command) : this.#ship(command)
    for (const fact of facts) push(this.#answers, 'partition' in command ? `inventory ${command.partition}` : area, fact)
  }

  #stock (command: SagaCommand): readonly Fact[] {
    if (!('partition' in command)) return []
    const { attempt, partition, type } = command
    const head = { orderId, attempt, partition }
    const held = this.held[partition]
    if (type === 'ReserveStock') {
      if (held !== 'none') return [{ type: 'LinesRejected', ...head, code: 'fenced', shortages: [] }]
      if (partition === this.#fate.shortPartition) return [{ type: 'LinesRejected', ...head, code: 'short', shortages: [{ sku: 'X', requested: 2, available: 1 }] }]
      this.held[partition] = 'reserved'
      return [{ type: 'LinesReserved', ...head }]
    }
    if (type === 'ConfirmReservation') {
      if (held !== 'reserved') return [{ type: 'LinesConfirmRejected', ...head, code: 'ended' }]
      this.held[partition] = 'deducted'
      return [{ type: 'LinesConfirmed', ...head }]
    }
    this.held[partition] = 'ended'
    return [{ type: type === 'ReleaseReservation' ? 'LinesReleased' : 'LinesUnconfirmed', ...head }]
  }

  #pay (command: SagaCommand): readonly Fact[] {
    const { money } = this
    const head = { orderId, attempt: 1, paymentId: 'pay-1' }
    const currency = 'GBP'
    const fail = (step: 'authorise' | 'capture', kind: 'declined' | 'technical' | 'fenced'): readonly Fact[] =>
      [{ type: 'PaymentFailed', ...head, step, kind, code: kind, message: kind }]
    switch (command.type) {
      case 'AuthorizePayment':
        if (money.fenced) return fail('authorise', 'fenced')
        if (this.#fate.authorise !== 'ok') return fail('authorise', this.#fate.authorise)
        money.authorised = command.amount
        return [{ type: 'PaymentAuthorized', ...head, amount: command.amount, currency, providerReference: 'ref' }]
      case 'CapturePayment':
        if (money.fenced) return fail('capture', 'fenced')
        if (this.#fate.capture !== 'ok') return fail('capture', this.#fate.capture)
        money.captured = command.amount
        return [{ type: 'PaymentSucceeded', ...head, amount: command.amount, currency }]
      case 'VoidPayment': {
        const amount = money.authorised - money.captured - money.voided
        money.fenced = true
        money.voided += amount
        return [{ type: 'PaymentVoided', ...head, amount, currency, nothingToVoid: amount === 0n }]
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
    const decision = decideShipment(this.#shipment, command, 'b2c0a0a4-0f9e-4d53-8a35-5e1f7d1c0001')
    this.#shipment = decision.state
    return decision.events
  }
}

function queueOf (command: SagaCommand): string {
  switch (command.type) {
    case 'ReserveStock':
    case 'ConfirmReservation': return `inventory ${command.partition} commands`
    case 'ReleaseReservation':
    case 'UnconfirmReservation': return `inventory ${command.partition} compensations`
    case 'AuthorizePayment':
    case 'CapturePayment': return 'payment commands'
    case 'VoidPayment':
    case 'RefundPayment': return 'payment compensations'
    case 'CreateShipment': return 'shipment commands'
    case 'CancelShipment': return 'shipment compensations'
  }
}

function push<Entry> (queues: Map<string, Entry[]>, name: string, entry: Entry): void {
  const queue = queues.get(name)
  if (queue === undefined) queues.set(name, [entry])
  else queue.push(entry)
}
