import { publish } from '../diagnostics.ts'
import { StreamsError } from '../errors.ts'
import { type DeadLetterCommand, isMeant } from '../parking/command.ts'
import { type ParkingEvent, type Rehearsal } from '../parking/event.ts'
import { type KeyOrder } from '../parking/key-order.ts'
import { discarded, type FailedHead, type Lane, type LaneRef, redriven } from '../parking/lane.ts'
import { type ParkedKeys } from '../parking/parked-keys.ts'
import { reasonOf } from './dead-letter.ts'
import { type DropItem } from './item.ts'
import { type Letters } from './letters.ts'

export interface OperatorOptions {
  readonly task: { readonly processor: string, readonly partition: number }
  readonly parked: ParkedKeys
  readonly order: KeyOrder
  readonly letters: Letters
  readonly tell: (event: ParkingEvent) => void
}

/** Does what operators ask, in the running cycle: marks lanes, drops what is discarded, reports. */
export class Operator {
  readonly #options: OperatorOptions

  constructor (options: OperatorOptions) {
    this.#options = options
  }

  /** Carries out a command, or only counts; `rehearsals` is what a dry run has tried. The lanes it marks run from the next cycle on. */
  obey (command: DeadLetterCommand, rehearsals: readonly Rehearsal[]): void {
    const { parked, tell } = this.#options
    const { type, id, dryRun = false, scope = 'head' } = command
    const meant = lanesOf(command, parked)
    const reasons: Record<string, number> = {}
    let waiting = 0
    for (const [ref, { first, end, head }] of meant) {
      const { reason } = head as FailedHead
      reasons[reason] = (reasons[reason] ?? 0) + 1
      waiting += end - first
      if (!dryRun) parked.change(ref, lane => type === 'Redrive' ? redriven(lane) : discarded(lane, scope))
    }
    tell({ type: 'CommandReport', id, command: type, dryRun, keys: meant.length, waiting, reasons, rehearsals })
  }

  /** Drops an input that waited; it stays in the dead-letter topic. `isOmitted`: its dead letter was refused. */
  drop ({ entry, waited }: DropItem, isOmitted: boolean): void {
    const { order, letters, task } = this.#options
    if (!order.isTurn(waited)) return
    const head = order.failureOf(waited)
    const error = new StreamsError('STR_RECORD_DISCARDED')
    const origin = letters.originOf(entry, head?.attempts ?? 0)
    if (head?.isLettered !== true) letters.write(entry, error, origin, { isOmitted })
    letters.remove(entry)
    order.discarded(waited, origin, error.code)
    publish('streams:record:diverted', () => ({ ...task, how: 'discard', reason: reasonOf(error) }))
  }
}

/** The lanes that a command is about. */
export function lanesOf (command: DeadLetterCommand, parked: ParkedKeys): ReadonlyArray<readonly [ref: LaneRef, lane: Lane]> {
  return parked.committed().filter(([ref, lane]) => isMeant(command, ref, lane))
}
