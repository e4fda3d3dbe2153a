import { decodeEvent, decodeProgress } from '../../../streams/index.ts'
import { decodeEntry } from '../../../streams/parking/entry.ts'
import { parseChangelogKey, WAITING_STORE } from '../../../streams/state/changelog.ts'
import { type World } from '../runtime/world.ts'
import { type Input, steps, undos } from './fragile.ts'

/** Where an input of `fragile` is, by the log alone. */
export interface Ends { readonly handled: number, readonly parked: number, readonly discarded: number }

/**
 * R7 at any moment: each input that progress has passed is handled, parked or discarded, and only one of them. Reads the logs, not the
 * state: what counts is what was committed together.
 *
 * @throws when an input is nowhere, or at two places
 */
export function checkEnds (world: World): Ends {
  const rows = new Map<string, Buffer>()
  for (const { key, value } of committed(world, world.changelog)) {
    if (value === null) rows.delete(String(key))
    else rows.set(String(key), value)
  }
  const { offsets } = decodeProgress(rows.get('progress') as Buffer)
  const parked = new Set<string>()
  for (const [key, row] of rows) {
    const parsed = parseChangelogKey(Buffer.from(key))
    if (parsed.kind !== 'row' || parsed.store !== WAITING_STORE) continue
    const entry = decodeEntry(row)
    if (entry.kind === 'record') parked.add(`${entry.record.topic} ${entry.record.offset}`)
  }
  const discarded = new Set<string>()
  for (const { value } of committed(world, 'dlq.events')) {
    const event = decodeEvent(value as Buffer)
    if (event.type === 'DeadLetterDiscarded') discarded.add(`${event.origin.topic} ${event.origin.offset}`)
  }
  const counts = { handled: 0, parked: 0, discarded: 0 }
  for (const { name: topic } of [steps, undos]) {
    for (const { offset, key, value } of committed(world, topic)) {
      if (offset >= (offsets.get(topic) ?? 0n)) continue
      const place = `${topic} ${offset}`
      const history = rows.get(`s/history/${String(key)}`)
      const isHandled = history !== undefined && (JSON.parse(String(history)) as string).split(' ').includes(nameOf(value as Buffer))
      const ends = [isHandled && 'handled', parked.has(place) && 'parked', discarded.has(place) && 'discarded'].filter(end => end !== false)
      if (ends.length !== 1) throw new Error(`${place} of ${String(key)} is ${ends.length === 0 ? 'nowhere' : ends.join(' and ')}`)
      counts[ends[0] as keyof typeof counts]++
    }
  }
  return counts
}

function nameOf (value: Buffer): string {
  const input = JSON.parse(String(value)) as Input
  return 'step' in input ? input.step : `set-${input.timer}`
}

function committed (world: World, topic: string) {
  return world.broker.entries(topic, 0).filter(({ kind, outcome }) => kind === 'data' && outcome === 'committed')
}
