import { type StateMeta } from '../port.ts'

/** Fields of the meta hash, in the order in which scripts and reads answer them. */
export const META_FIELDS = [
  'token', 'incarnation', 'position', 'sequence', 'progress', 'progressOffset', 'appliedAtMs', 'restoring', 'applying', 'layout'
] as const

/** The meta in these values, or null when there is none. */
export function parseMeta (values: ReadonlyArray<Buffer | null>): StateMeta | null {
  const [token, incarnation, position, sequence, progress, progressOffset, appliedAtMs, restoring, applying, layout] = values
  if (token == null) return null
  return {
    token: BigInt(String(token)),
    incarnation: String(incarnation),
    position: BigInt(String(position)),
    sequence: BigInt(String(sequence)),
    progress: progress ?? Buffer.alloc(0),
    progressOffset: BigInt(String(progressOffset)),
    appliedAtMs: Number(String(appliedAtMs)),
    restoring: String(restoring) === '1',
    applying: applying != null && applying.length > 0,
    layout: layout == null ? '' : String(layout)
  }
}

/** Keys of one task: all in the hash slot `{taskKey}`, few and big. */
export interface TaskKeys {
  readonly meta: string
  readonly timers: string
  /** Set of store names, for the wipe. */
  readonly names: string
  readonly storePrefix: string
  /** A sorted set of keys for each ordered store. */
  readonly orderPrefix: string
}

export function taskKeys (taskKey: string): TaskKeys {
  const slot = `{${taskKey}}`
  return { meta: `${slot}:meta`, timers: `${slot}:timers`, names: `${slot}:stores`, storePrefix: `${slot}:s:`, orderPrefix: `${slot}:o:` }
}
