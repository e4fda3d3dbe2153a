import { type OrderState } from '#schemas'
import { type Exchange, exchanges } from './books.ts'
import { type Cell, sagaDueMs, stepDueMs, waitDueOf } from './cell.ts'
import { type ProcessName, type Stimulus } from './processes.ts'
import { checkStep } from './properties.ts'
import { orderIds } from './scenario.ts'
import { type Scene, type Stepped, type World, noAnswer } from './scene.ts'

/**
 * Something that can happen in a world.
 *
 * | kind | when it happens |
 * | --- | --- |
 * | system | sooner or later, by itself: a record is handled, a call is made and answered, a retry is due |
 * | quiet | sooner or later, when no system move is left: a deadline of an order |
 * | free | perhaps: a request that nobody waits for arrives at the provider after all |
 * | disturbance | at most as often as the bound says: a fault, a person, a deadline that comes early |
 */
export interface Move {
  readonly id: string
  readonly kind: 'system' | 'quiet' | 'free' | 'disturbance'
  /** The world afterwards; undefined when the move is not possible or changes nothing. @throws {Violation} when it breaks a law. */
  apply (world: World): World | undefined
}

/** Latest requests on their way to the provider that one order can have. */
const longestWire = 4

/** A world in which a process has taken a step. `popped`: the queue whose head it handled. */
export function stepped (scene: Scene, world: World, process: ProcessName, cellSlot: number, step: Stepped, popped?: number): number[] | undefined {
  if (step.cell === world[cellSlot] && step.outputs.length === 0 && popped === undefined) return undefined
  const next = [...world]
  next[cellSlot] = step.cell
  if (popped !== undefined) next[popped] = scene.shift(world[popped] as number)
  for (const [slot, message] of step.outputs) next[slot] = scene.push(next[slot] as number, message)
  checkStep(scene, process, world[cellSlot] as number, step, next)
  return next
}

/** Everything that happens without anybody's doing, and what the provider's wire may still bring. */
export function ownMoves (scene: Scene): readonly Move[] {
  return [
    ...deliveries(scene),
    ...scene.orders.flatMap((_, order) => [call(scene, order, 'done'), answer(scene, order), retry(scene, order), ...wake(scene, order, 'quiet')]),
    ...scene.orders.flatMap((_, order) => Array.from({ length: longestWire }, (_unused, index) => lateRequest(scene, order, index)))
  ]
}

/** Handles the head of a queue; as a disturbance without taking it away: the same record is handled again later. */
export function deliveries (scene: Scene, isRepeated = false): readonly Move[] {
  return scene.queues.map((queue): Move => ({
    id: `${isRepeated ? 'repeat' : 'deliver'} ${queue.name}`,
    kind: isRepeated ? 'disturbance' : 'system',
    apply (world) {
      const message = scene.list(world[queue.slot] as number)[0]
      if (message === undefined) return undefined
      const cellId = world[queue.cellSlot] as number
      const step = scene.step(queue.consumer, cellId, message, () => {
        const value = scene.messages.get(message)
        const { orderId, sku } = value as unknown as { readonly orderId?: string, readonly sku?: string }
        return { kind: 'record', topic: queue.topic, key: orderId ?? sku ?? '', value, place: queue.place }
      })
      return stepped(scene, world, queue.consumer, queue.cellSlot, step, isRepeated ? undefined : queue.slot)
    }
  }))
}

/** Makes the accepted call. `crash`: the process ends while the request is on its way, so the row stays and no answer is at hand. */
export function call (scene: Scene, order: number, exchange: Exchange | 'crash'): Move {
  const slots = scene.orders[order] as Scene['orders'][number]
  return {
    id: `call ${exchange} ${order}`,
    kind: exchange === 'done' ? 'system' : 'disturbance',
    apply (world) {
      if (world[slots.answer] !== noAnswer) return undefined
      const [payment, books] = [world[slots.payment] as number, world[slots.books] as number]
      const called = scene.called(payment, books, exchange === 'crash' ? 'unanswered' : exchange)
      if (called === undefined) return undefined
      const calm = scene.called(payment, books, 'done')
      if (exchange !== 'done' && calm?.outcome === called.outcome && calm.books === called.books) return undefined
      if (exchange === 'crash' && called.books === books) return undefined
      const next = [...world]
      next[slots.books] = called.books
      next[slots.answer] = exchange === 'crash' ? noAnswer : called.outcome
      return next
    }
  }
}

/** Every way a call can go wrong. */
export function badCalls (scene: Scene, order: number): readonly Move[] {
  return [...exchanges.filter(exchange => exchange !== 'done'), 'crash' as const].map(exchange => call(scene, order, exchange))
}

function answer (scene: Scene, order: number): Move {
  const slots = scene.orders[order] as Scene['orders'][number]
  return {
    id: `answer ${order}`,
    kind: 'system',
    apply (world) {
      const outcomeId = world[slots.answer] as number
      if (outcomeId === noAnswer) return undefined
      const key = orderIds[order] as string
      const outcome = scene.outcomes.get(outcomeId)
      if (outcome === null) return undefined
      const step = scene.step('payments', world[slots.payment] as number, -1 - scene.stimulus(`answer/${outcomeId}/${order}`), () => ({ kind: 'answer', key, outcome, place: 0 }))
      const next = stepped(scene, world, 'payments', slots.payment, step, undefined) ?? [...world]
      next[slots.answer] = noAnswer
      return next
    }
  }
}

function retry (scene: Scene, order: number): Move {
  const { payment } = scene.orders[order] as Scene['orders'][number]
  const key = `retry/${orderIds[order]}`
  return timer(scene, { id: `retry ${order}`, kind: 'system' }, 'payments', payment, key, 0, () => stepDueMs)
}

/** The deadlines of an order: early ones are disturbances, in a quiet world they come by themselves. */
export function wake (scene: Scene, order: number, kind: 'quiet' | 'disturbance'): readonly Move[] {
  const { order: slot } = scene.orders[order] as Scene['orders'][number]
  const key = orderIds[order] as string
  const sagaOf = (cell: Cell) => cell.rows[`orders/${key}`] as OrderState | undefined
  const early = kind === 'quiet' ? 'quiet ' : ''
  return [
    timer(scene, { id: `${early}step timer ${order}`, kind }, 'orders', slot, key, 0, cell => sagaOf(cell)?.stepDueMs === null ? undefined : stepDueMs),
    timer(scene, { id: `${early}saga timer ${order}`, kind }, 'orders', slot, key, 0, cell => sagaOf(cell)?.sagaDueMs === null ? undefined : sagaDueMs),
    timer(scene, { id: `${early}wait timer ${order}`, kind }, 'orders', slot, key, 0, cell => sagaOf(cell)?.waitDueMs === null ? undefined : waitDueOf(sagaOf(cell)?.phase ?? 'queued'))
  ]
}

/** Fires a timer that is set. `atOf`: when, epoch ms; undefined = not now. */
export function timer (
  scene: Scene, move: Pick<Move, 'id' | 'kind'>, process: ProcessName, slot: number, key: string, place: number, atOf: (cell: Cell) => number | undefined
): Move {
  return {
    ...move,
    apply (world) {
      const cellId = world[slot] as number
      const cell = scene.cells.get(cellId)
      if (!(key in cell.timers)) return undefined
      const atMs = atOf(cell)
      if (atMs === undefined) return undefined
      const stimulus = (): Stimulus => ({ kind: 'timer', key, atMs, place })
      return stepped(scene, world, process, slot, scene.step(process, cellId, -1 - scene.stimulus(`timer/${key}/${atMs}`), stimulus))
    }
  }
}

function lateRequest (scene: Scene, order: number, index: number): Move {
  const { books: slot } = scene.orders[order] as Scene['orders'][number]
  return {
    id: `late request ${index} of ${order}`,
    kind: 'free',
    apply (world) {
      const booksId = world[slot] as number
      if (scene.books.get(booksId).wire[index] === undefined) return undefined
      const next = [...world]
      next[slot] = scene.arrive(booksId, index)
      return next
    }
  }
}
