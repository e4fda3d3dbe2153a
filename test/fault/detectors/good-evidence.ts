import { type Source } from '#streams'
import { derivedId } from '../../../streams/runtime/identity.ts'
import { type Evidence, type Facts, type LogRecord, type TaskFacts } from '../evidence/evidence.ts'

const topic = (name: string): string => `commerce.${name}`
const from = (name: string, offset: number): Source => ({ kind: 'record', topic: topic(name), partition: 0, offset: BigInt(offset) })

/** Counts what was written to each topic. */
class Log {
  readonly records: LogRecord[] = []
  readonly #next = new Map<string, number>()

  /** A record of a client. */
  command (name: string, key: string, type: string, facts: Facts = {}): void {
    this.#add(name, key, type, `command-${name}-${key}`, 0, facts)
  }

  /** An output of a processor, with the id that its cause gives it. */
  output (processor: string, cause: Source, index: number, name: string, key: string, type: string, version = 0, facts: Facts = {}): void {
    this.#add(name, key, type, derivedId(processor, 0, cause, index), version, facts)
  }

  get names (): readonly string[] { return [...this.#next.keys()] }

  end (name: string): number { return this.#next.get(name) ?? 0 }

  #add (name: string, key: string, type: string, id: string, version: number, facts: Facts): void {
    const offset = this.end(name)
    this.#next.set(name, offset + 1)
    this.records.push({ topic: topic(name), partition: 0, offset, key, atMs: 1000 + this.records.length * 10, type, id, version, facts })
  }
}

/** Evidence of a platform that is all right: one order that was confirmed, one that was cancelled afterwards, and one bad record. */
export function goodEvidence (): Evidence {
  const log = new Log()
  log.command('inventory.commands', 'S', 'RegisterSku')
  log.output('inventory', from('inventory.commands', 0), 1, 'inventory.events', 'S', 'SkuRegistered', 1, { openingStock: 10 })
  for (const [at, orderId] of ['a', 'b'].entries()) placeOrder(log, at, orderId)
  cancelOrder(log)
  const payments = ['a', 'b'].flatMap(orderId => [entry('authorise', orderId, orderId), entry('capture', `${orderId}/capture`, orderId)])
  return {
    records: log.records,
    partitions: log.names.map(name => ({ topic: topic(name), partition: 0, stable: log.end(name), end: log.end(name) })),
    tasks: [
      task('orders', { 'orders.commands': log.end('orders.commands'), 'payments.events': log.end('payments.events') }),
      task('inventory', { 'inventory.commands': log.end('inventory.commands') }),
      task('payments', { 'payments.commands': log.end('payments.commands') }),
      task('shipping', { 'shipping.commands': log.end('shipping.commands') })
    ],
    letters: [{ topic: topic('orders.commands'), partition: 0, offset: 3, processor: 'orders', reason: 'STR_RECORD_UNREADABLE', kind: 'record', parked: '', attempts: 1 }],
    bad: [{ topic: topic('orders.commands'), partition: 0, offset: 3 }],
    payments: [...payments, entry('refund', 'b/refund', 'b')],
    stocks: [{ sku: 'S', opening: 10, in: 0, out: 0, deducted: 2, onHand: 8, reserved: 0 }],
    analytics: [{ topic: topic('orders.events'), partition: 0, records: 5, checksum: '77', rows: 5, distinct: 5, rowsChecksum: '77' }],
    rollups: [{ type: 'OrderConfirmed', currency: 'GBP', rolled: [2, '10'], raw: [2, '10'] }],
    operations: [
      { key: 'k', body: 'one', fromMs: 1, toMs: 2, status: 202, orderId: 'a' },
      { key: 'k', body: 'one', fromMs: 3, toMs: 4, status: 202, orderId: 'a' },
      { key: 'k', body: 'two', fromMs: 5, toMs: 6, status: 422, orderId: '' },
      { key: 'lost', body: 'three', fromMs: 5, toMs: 6, status: 503, orderId: '' }
    ],
    probes: [{ atMs: 1000, status: 200 }, { atMs: 8000, status: 503 }, { atMs: 90_000, status: 200 }],
    faults: [
      { kind: 'kill', fromMs: 1010, toMs: 1020, withinMs: 500, hidesFromApi: false },
      { kind: 'broker away', fromMs: 2000, toMs: 12_000, withinMs: 10_000, hidesFromApi: true }
    ],
    audits: []
  }
}

function placeOrder (log: Log, at: number, orderId: string): void {
  log.command('orders.commands', orderId, 'PlaceOrder')
  log.output('orders', from('orders.commands', at), 0, 'orders.events', orderId, 'OrderCreated', 1, { currency: 'GBP', total: '50' })
  log.command('inventory.commands', orderId, 'ReserveStock')
  const pieces = { quantity: 2, orderId }
  const sold = at * 2
  log.output('inventory', from('inventory.commands', at + 1), 0, 'inventory.events', 'S', 'StockReserved', 2, { ...pieces, onHand: 10 - sold, reserved: 2 })
  log.output('inventory', from('inventory.commands', at + 1), 1, 'inventory.events', 'S', 'StockDeducted', 3, { ...pieces, onHand: 8 - sold, reserved: 0 })
  log.command('payments.commands', orderId, 'AuthorizePayment')
  log.output('payments', from('payments.commands', at), 0, 'payments.events', orderId, 'PaymentAuthorized', 1, { currency: 'GBP', amount: '50' })
  log.output('payments', from('payments.commands', at), 1, 'payments.events', orderId, 'PaymentSucceeded', 2, { currency: 'GBP', amount: '50' })
  log.output('orders', from('payments.events', at * 2 + 1), 0, 'orders.events', orderId, 'OrderConfirmed', 2, { currency: 'GBP', total: '50' })
  log.output('orders', from('payments.events', at * 2 + 1), 2, 'notifications.requests', orderId, 'NotificationRequested', 0, { notificationId: `paid-${orderId}` })
  log.command('shipping.commands', orderId, 'CreateShipment')
  log.output('shipping', from('shipping.commands', at), 1, 'shipping.events', orderId, 'ShipmentCreated')
}

function cancelOrder (log: Log): void {
  log.command('orders.commands', 'b', 'CancelOrder')
  log.command('orders.commands', 'x', '')
  log.command('payments.commands', 'b', 'RefundPayment')
  log.output('payments', from('payments.commands', 2), 0, 'payments.events', 'b', 'PaymentRefunded', 3, { currency: 'GBP', amount: '50' })
  log.output('inventory', from('inventory.commands', 2), 2, 'inventory.events', 'S', 'StockReleased', 4, { quantity: 2, restored: true, onHand: 8, reserved: 0 })
  log.output('orders', from('payments.events', 4), 0, 'orders.events', 'b', 'OrderCancelled', 3)
}

function task (processor: string, inputs: Readonly<Record<string, number>>): TaskFacts {
  const stores = { rows: { rows: 3, digest: 'd' } }
  return {
    task: `${processor}-0`,
    processor,
    partition: 0,
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, next]) => [topic(name), next])),
    setbacks: [],
    log: stores,
    state: stores,
    sequence: { log: '9', state: '9' },
    origins: []
  }
}

function entry (step: Evidence['payments'][number]['step'], key: string, orderId: string): Evidence['payments'][number] {
  return { step, key, authorisation: orderId, orderId, currency: 'GBP', amount: '50', outcome: 'done' }
}
