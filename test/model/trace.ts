import { type OrderState, type OrderView, type PaymentState, type ReservationState, type ShipmentState } from '#schemas'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { authorisationsOf } from './books.ts'
import { type Check, openScene } from './check.ts'
import { type Move } from './moves.ts'
import { checkBooks, checkRest } from './properties.ts'
import { type Scene, Violation, type World } from './scene.ts'

/** One step of a way, told: the move, and what it changed. */
export interface ToldStep { readonly id: string, readonly changes: readonly string[] }

/** A way that was gone again. `why`: the law that broke at its end. */
export interface ToldWay { readonly steps: readonly ToldStep[], readonly why?: string }

/**
 * Goes a way again, move by move, and tells what each changed.
 *
 * @throws {RangeError} when a move is unknown, or not possible where the way has come to.
 */
export async function replay (check: Check, ids: readonly string[]): Promise<ToldWay> {
  const { scene, own, others, start } = openScene(check)
  const moves = new Map([...own, ...others].map(move => [move.id, move]))
  const steps: ToldStep[] = []
  let world = start
  for (const id of ids) {
    await scene.prepare(world)
    const move = moves.get(id)
    if (move === undefined) throw new RangeError(`there is no move "${id}"`)
    try {
      const next = move.apply(world)
      if (next === undefined) throw new RangeError(`"${id}" is not possible after ${steps.length} steps`)
      steps.push({ id, changes: changesOf(scene, world, next) })
      world = next
      for (const { books } of scene.orders) checkBooks(scene.books.get(world[books] as number))
    } catch (error) {
      if (!(error instanceof Violation)) throw error
      return { steps: steps.at(-1)?.id === id && steps.length === ids.length ? steps : [...steps, { id, changes: [] }], why: error.message }
    }
  }
  return { steps, ...await restOf(scene, own, world) }
}

/** What is wrong with the end of a way, if nothing follows it by itself. */
async function restOf (scene: Scene, own: readonly Move[], world: World): Promise<Pick<ToldWay, 'why'>> {
  await scene.prepare(world)
  try {
    if (own.some(move => move.kind !== 'free' && move.apply(world) !== undefined)) return {}
    checkRest(scene, world)
    return {}
  } catch (error) {
    if (error instanceof Violation) return { why: error.message }
    throw error
  }
}

/** A way as numbered lines, which can be given to --replay as they are. */
export function tellWay ({ steps, why }: ToldWay): readonly string[] {
  const lines = steps.flatMap(({ id, changes }, index) => [`${String(index + 1).padStart(3)}. ${id}`, ...changes.map(change => `       ${change}`)])
  return why === undefined ? lines : [...lines, `     ✗ ${why}`]
}

/** The moves of a told way, or of a list of ids, one a line. */
export function readWay (text: string): readonly string[] {
  return text.split('\n').flatMap(line => /^\s*\d+\. (.+)$/.exec(line)?.[1]?.trim() ?? [])
}

function changesOf (scene: Scene, before: World, after: World): readonly string[] {
  const changed = (slot: number): boolean => before[slot] !== after[slot]
  const cells = [...scene.orders.flatMap(({ order, payment, shipment }) => [order, payment, shipment]), ...scene.stock].filter(changed)
  const rows = cells.flatMap(slot => {
    const old = scene.cells.get(before[slot] as number).rows
    return Object.entries(scene.cells.get(after[slot] as number).rows).filter(([key, row]) => old[key] !== row).map(([key, row]) => tellRow(row, old[key]))
  }).filter((told): told is string => told !== undefined)
  const books = scene.orders.filter(slots => changed(slots.books)).map(slots => {
    const [authorisation] = authorisationsOf(scene.books.get(after[slots.books] as number))
    if (authorisation === undefined) return 'provider: nothing booked'
    const { authorised, captured, voided, refunded, fence } = authorisation
    return `provider: authorised ${authorised}, captured ${captured}, voided ${voided}, refunded ${refunded}${fence ? ', fenced' : ''}`
  })
  const sent = scene.queues.flatMap(({ name, slot }) => {
    const [old, now] = [scene.list(before[slot] as number), scene.list(after[slot] as number)]
    const fresh = changed(slot) && now.length >= old.length ? now.slice(now.at(-1) !== undefined ? old.length - (now[0] === old[0] ? 0 : 1) : 0) : []
    return fresh.map(message => `→ ${scene.messages.get(message).type} (${name})`)
  })
  return [...rows, ...books, ...sent]
}

function tellRow (row: TypedValue, old: TypedValue | undefined): string | undefined {
  const told = wordsOf(row)
  return told === (old === undefined ? undefined : wordsOf(old)) ? undefined : told
}

function wordsOf (row: TypedValue): string | undefined {
  switch (row.type) {
    case 'OrderState': {
      const { phase, attempt, paymentAttempt, parts, payment, shipment } = row as OrderState
      const again = (number: number): string => number === 1 ? '' : ` (attempt ${number})`
      const stock = parts.map(part => `${part.partition} ${part.progress}`).join(', ') || 'none'
      return `saga: ${phase}; stock${again(attempt)} ${stock}; payment${again(paymentAttempt)} ${payment}; shipment ${shipment}`
    }
    case 'OrderView': return `order: ${(row as OrderView).state}`
    case 'PaymentState': {
      const { status, operation } = row as PaymentState
      return `payment: ${status}${operation === null ? '' : `, ${operation.step} ${operation.inFlight ? 'accepted' : 'waits'}`}`
    }
    case 'ReservationState': {
      const { orderId, attempt, partition, status } = row as ReservationState
      return `reservation ${orderId.slice(-2)}/${attempt} in ${partition}: ${status}`
    }
    case 'ShipmentState': return `shipment: ${(row as ShipmentState).status}`
    default: return undefined
  }
}
