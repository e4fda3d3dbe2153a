import { type Entry } from '../parking/entry.ts'
import { type Rehearsal } from '../parking/event.ts'
import { originOf } from '../parking/key-order.ts'
import { type FailedHead, type Lane, redriven } from '../parking/lane.ts'
import { type ParkedKeys } from '../parking/parked-keys.ts'
import { type OutgoingRecord } from '../record.ts'
import { PARKED_STORE, WAITING_STORE } from '../state/changelog.ts'
import { messageOf, reasonOf } from './dead-letter.ts'
import { type Trial, type WaitingItem } from './item.ts'
import { type Letters } from './letters.ts'
import { type Moment } from './moment.ts'
import { type Rows } from './rows.ts'

export interface RehearsalOptions {
  readonly rows: Rows
  readonly outputs: OutgoingRecord[]
  readonly parked: ParkedKeys
  readonly letters: Letters
  readonly moment: Moment
  /** Topic of the events for operators: not what a handler emits. */
  readonly eventTopic: string | undefined
  /** Handles an item; answers why it failed. Throws when it has to be handled again, because a row was missing. */
  readonly attempt: (item: WaitingItem) => Error | undefined
}

/**
 * Redrives one parked key, looks at what came of it, and takes it all back: the dead input and what waits behind it, in order, up to
 * the first that fails. Call at a savepoint.
 */
export function rehearse ({ ref, items }: Trial, options: RehearsalOptions): Rehearsal {
  const { rows, outputs, parked, letters, moment, eventTopic, attempt } = options
  const { first, end, head } = parked.lane(ref) as Lane
  const { reason, attempts, ...origin } = head as FailedHead
  const start = outputs.length
  parked.change(ref, redriven)
  let [handled, depth, emitted] = [0, rows.depth, start]
  let failure: Rehearsal['failure'] = null
  for (const item of items) {
    if (!parked.isNext(item.waited as WaitingItem['waited'] & object, moment.nowMs)) break
    const error = attempt(item)
    if (error !== undefined) {
      failure = { origin: originOf(letters.originOf(entryOf(item), 0)), reason: reasonOf(error), message: messageOf(error) }
      break
    }
    handled++
    depth = rows.depth
    emitted = outputs.length
  }
  const changes = Object.fromEntries([...rows.touched(depth)].filter(([store]) => store !== PARKED_STORE && store !== WAITING_STORE))
  const topics = countBy(outputs.slice(start, emitted).map(({ topic }) => topic).filter(topic => topic !== eventTopic))
  rows.rollback()
  outputs.length = start
  return { ...ref, origin: originOf(origin), reason, attempts, waiting: end - first, handled, outputs: topics, changes, failure }
}

function entryOf (item: WaitingItem): Entry {
  switch (item.kind) {
    case 'record': return { kind: 'record', record: item.record, atMs: 0, omittedBytes: 0 }
    case 'timer': return { kind: 'timer', key: item.key, dueMs: item.dueMs, version: item.waited?.version ?? 0n }
    default: return item.entry
  }
}

function countBy (names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
