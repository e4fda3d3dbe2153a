import { type EffectOutcome } from '../../streams/processor.ts'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { stockPartitionOf } from '../../topology/inventory/routing.ts'
import { topics } from '../../topology/topics.ts'
import { type Books, type Exchange, arrive, emptyBooks, exchanges } from './books.ts'
import { type Cell, Interned, emptyCell, normalCell, normalMessage } from './cell.ts'
import { type Coverage } from './coverage.ts'
import { type ProcessName, type Processes, type Stimulus, callProvider } from './processes.ts'
import { type Scenario, type Size, openingStock, orderIds, personalMeta, placement } from './scenario.ts'

/**
 * A state of the whole model: one number a slot, each the number of an interned cell, queue, answer or book. Two worlds are equal when
 * their numbers are. Slots are laid out by `Scene`.
 */
export type World = readonly number[]

/** A topic-partition: a queue that keeps its order, and the process that reads it. */
export interface Queue {
  readonly name: string
  readonly topic: string
  readonly slot: number
  readonly consumer: ProcessName
  readonly cellSlot: number
  /** Partition of the stock, or 0. */
  readonly place: number
}

/** What one order has of its own. */
export interface OrderSlots { readonly order: number, readonly payment: number, readonly answer: number, readonly books: number, readonly shipment: number }

const perOrder = [
  [topics.orders.commands.name, 'orders'], [topics.orders.commandsTrusted.name, 'orders'], [topics.compensations.order.name, 'orders'],
  [topics.inventory.replies.name, 'orders'], [topics.payments.events.name, 'orders'], [topics.shipping.events.name, 'orders'],
  [topics.payments.commands.name, 'payments'], [topics.compensations.payment.name, 'payments'],
  [topics.shipping.commands.name, 'shipping'], [topics.compensations.shipment.name, 'shipping']
] as const satisfies ReadonlyArray<readonly [string, ProcessName]>
const perPartition = [topics.inventory.commands.name, topics.compensations.inventory.name] as const

/** No answer of the provider is at hand: the slot's number when nothing was called. */
export const noAnswer = 0

/** What a step did, by number. */
export interface Stepped {
  readonly cell: number
  readonly outputs: ReadonlyArray<readonly [queueSlot: number, message: number]>
  /** Types of the order's events that it wrote, and of everything that it emitted. */
  readonly said: readonly string[]
  readonly asked: readonly string[]
}
interface Called { readonly books: number, readonly outcome: number }

/** A broken property: ends the search with a counterexample. */
export class Violation extends Error {
  override readonly name = 'Violation'
}

/**
 * Cells, queues and the processes that move them. A step is run once per cell and stimulus, by the real handler, and remembered:
 * handlers are deterministic, so the checker walks over numbers.
 */
export class Scene {
  readonly size: Size
  readonly processes: Processes
  readonly coverage: Coverage
  readonly cells = new Interned<Cell>()
  readonly messages = new Interned<TypedValue>()
  readonly books = new Interned<Books>()
  readonly outcomes = new Interned<EffectOutcome | null>()
  readonly orders: readonly OrderSlots[]
  /** Slots of the stock by partition. */
  readonly stock: readonly number[]
  readonly queues: readonly Queue[]
  readonly #queueByName: ReadonlyMap<string, Queue>
  readonly #lists: Array<readonly number[]> = [[]]
  readonly #listIds = new Map<string, number>([['', 0]])
  readonly #pushed = new Map<number, number>()
  readonly #shifted: number[] = []
  readonly #arrived = new Map<number, number>()
  readonly #stimuli = new Map<string, number>()
  readonly #steps: Readonly<Record<ProcessName, Map<number, Stepped>>> = { orders: new Map(), inventory: new Map(), payments: new Map(), shipping: new Map() }
  readonly #calls = new Map<number, readonly Called[]>()

  constructor (size: Size, processes: Processes, coverage: Coverage) {
    this.size = size
    this.processes = processes
    this.coverage = coverage
    let slot = 0
    this.orders = Array.from({ length: size.orders }, () => ({ order: slot++, payment: slot++, answer: slot++, books: slot++, shipment: slot++ }))
    this.stock = Array.from({ length: size.partitions }, () => slot++)
    const cellOf = { orders: 'order', payments: 'payment', shipping: 'shipment' } as const
    const ofOrders = this.orders.flatMap((own, order): Queue[] => perOrder.map(([topic, consumer]) =>
      ({ name: `${topic}/${order}`, topic, slot: slot++, consumer, cellSlot: own[cellOf[consumer]], place: 0 })))
    const ofStock = this.stock.flatMap((cellSlot, place): Queue[] => perPartition.map(topic =>
      ({ name: `${topic}/${place}`, topic, slot: slot++, consumer: 'inventory', cellSlot, place })))
    this.queues = [...ofOrders, ...ofStock]
    this.#queueByName = new Map(this.queues.map(queue => [queue.name, queue]))
    this.outcomes.id(null)
  }

  /** The world before anything happened: stock registered, and the orders on their way. */
  start (scenario: Scenario): World {
    const world: number[] = []
    for (const { order, payment, answer, books, shipment } of this.orders) {
      world[order] = world[payment] = world[shipment] = this.cells.id(emptyCell)
      world[answer] = noAnswer
      world[books] = this.books.id(emptyBooks)
    }
    for (const [partition, slot] of this.stock.entries()) world[slot] = this.cells.id(this.#opened(scenario, partition))
    for (const { slot } of this.queues) world[slot] = 0
    for (const index of this.orders.keys()) {
      const topic = scenario === 'free' ? topics.orders.commandsTrusted.name : topics.orders.commands.name
      const queue = this.queueOf(topic, index)
      world[queue.slot] = this.push(0, this.message(placement(scenario, this.size, index)))
    }
    return world
  }

  queueOf (topic: string, index: number): Queue {
    const queue = this.#queueByName.get(`${topic}/${index}`)
    if (queue === undefined) throw new RangeError(`the model has no ${topic}/${index}`)
    return queue
  }

  message (value: TypedValue): number {
    return this.messages.id(normalMessage(value))
  }

  list (id: number): readonly number[] {
    return this.#lists[id] as readonly number[]
  }

  push (list: number, message: number): number {
    const memo = list * 2 ** 24 + message
    const known = this.#pushed.get(memo)
    if (known !== undefined) return known
    const id = this.#listId([...this.list(list), message])
    this.#pushed.set(memo, id)
    return id
  }

  shift (list: number): number {
    const known = this.#shifted[list]
    if (known !== undefined) return known
    const rest = this.#listId(this.list(list).slice(1))
    this.#shifted[list] = rest
    return rest
  }

  /** The provider's books after a late request has arrived. */
  arrive (booksId: number, index: number): number {
    const memo = booksId * 16 + index
    const known = this.#arrived.get(memo)
    if (known !== undefined) return known
    const after = this.books.id(arrive(this.books.get(booksId), index))
    this.#arrived.set(memo, after)
    return after
  }

  /** The number of a stimulus other than the head of a queue. */
  stimulus (name: string): number {
    const known = this.#stimuli.get(name)
    if (known !== undefined) return known
    this.#stimuli.set(name, this.#stimuli.size)
    return this.#stimuli.size - 1
  }

  /**
   * The step of a process on a cell. `stimulusId`: the number of a message, or −1 − the number of another stimulus.
   *
   * @throws {Violation} when the handler fails: the key would be parked.
   */
  step (process: ProcessName, cellId: number, stimulusId: number, stimulusOf: () => Stimulus): Stepped {
    const memo = cellId * 2 ** 25 + 2 ** 24 + stimulusId
    const known = this.#steps[process].get(memo)
    if (known !== undefined) return known
    const cell = this.cells.get(cellId)
    const stimulus = stimulusOf()
    const result = this.processes[process](cell, stimulus)
    if (result.failed !== undefined) throw new Violation(`a handler of ${process} fails: ${result.failed}`)
    this.coverage.note(process, cell, stimulus, result)
    const outputs = result.outputs.flatMap(output => {
      const index = output.partition ?? (output.value.type === 'Restock' ? stockPartitionOf(output.key) : orderIds.indexOf(output.key as typeof orderIds[number]))
      const queue = this.#queueByName.get(`${output.topic}/${index}`)
      return queue === undefined ? [] : [[queue.slot, this.message(output.value)] as const]
    })
    const said = result.outputs.filter(({ topic }) => topic === topics.orders.events.name).map(({ value }) => value.type)
    const asked = result.outputs.map(({ value }) => value.type)
    const stepped = { cell: result.cell === cell ? cellId : this.cells.id(result.cell), outputs, said, asked }
    this.#steps[process].set(memo, stepped)
    return stepped
  }

  /** Makes the calls that the world's moves may need; null when all are known. */
  prepare (world: World): Promise<void> | null {
    for (const { payment, books, answer } of this.orders) {
      const paymentId = world[payment] as number
      const booksId = world[books] as number
      if (world[answer] !== noAnswer || this.#calls.has(paymentId * 2 ** 24 + booksId)) continue
      if (Object.keys(this.cells.get(paymentId).effects).length > 0) return this.#call(paymentId, booksId).then(async () => { await this.prepare(world) })
    }
    return null
  }

  /** How the accepted call of that payment goes; undefined when none is accepted. */
  called (paymentId: number, booksId: number, exchange: Exchange): Called | undefined {
    return this.#calls.get(paymentId * 2 ** 24 + booksId)?.[exchanges.indexOf(exchange)]
  }

  async #call (paymentId: number, booksId: number): Promise<void> {
    const called: Called[] = []
    for (const exchange of exchanges) {
      const { books, outcome } = await callProvider(this.cells.get(paymentId), this.books.get(booksId), exchange)
      called.push({ books: this.books.id(books), outcome: this.outcomes.id(outcome) })
    }
    this.#calls.set(paymentId * 2 ** 24 + booksId, called)
  }

  #opened (scenario: Scenario, place: number): Cell {
    let cell = emptyCell
    for (const [sku, pieces] of openingStock(scenario, this.size, place)) {
      const value = { type: 'RegisterSku', meta: personalMeta(`register-${sku}`), sku, openingStock: pieces, reorderLevel: 0 }
      cell = this.processes.inventory(cell, { kind: 'record', topic: topics.inventory.commands.name, key: sku, value, place }).cell
    }
    return normalCell(cell)
  }

  #listId (list: readonly number[]): number {
    const key = list.join()
    const known = this.#listIds.get(key)
    if (known !== undefined) return known
    this.#listIds.set(key, this.#lists.length)
    return this.#lists.push(list) - 1
  }
}
