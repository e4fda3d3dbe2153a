import { type NotificationChannel, type ReaderBurst, type ReaderHistory } from '#schemas'

/** Time in which notifications are counted, ms. */
export const burstMs = 600_000
/** How many of that time go out by themselves; the rest waits for its end, and goes as one. */
export const burstLimit = 5
/** Notifications that one digest takes; with so many it goes at once. */
export const digestLimit = 20

/** What to do with a notification on a channel. */
export type BurstStep =
  | { readonly kind: 'send', readonly history: ReaderHistory }
  /** It waits. `digestAtMs`: when the digest is due; it is the first that waits. */
  | { readonly kind: 'hold', readonly history: ReaderHistory, readonly digestAtMs?: number }
  /** It waits no longer: the digest is full. */
  | { readonly kind: 'flush', readonly history: ReaderHistory }

/** Counts a notification to a reader on a channel, and says whether it goes by itself. Pure. */
export function countBurst (history: ReaderHistory, channel: NotificationChannel, notificationId: string, nowMs: number): BurstStep {
  const found = history.bursts.find(burst => burst.channel === channel)
  const isOver = found === undefined || (nowMs >= found.since + burstMs && found.held.length === 0)
  const burst: ReaderBurst = isOver ? { channel, since: nowMs, count: 0, held: [] } : found
  if (burst.count < burstLimit) return { kind: 'send', history: withBurst(history, { ...burst, count: burst.count + 1 }) }
  const held = [...burst.held, notificationId]
  const after = withBurst(history, { ...burst, held })
  if (held.length >= digestLimit) return { kind: 'flush', history: after }
  return held.length === 1 ? { kind: 'hold', history: after, digestAtMs: burst.since + burstMs } : { kind: 'hold', history: after }
}

/** Takes what waits on a channel; the digest counts as the first of a new time. */
export function takeHeld (
  history: ReaderHistory, channel: NotificationChannel, nowMs: number
): { readonly held: readonly string[], readonly history: ReaderHistory } {
  const held = history.bursts.find(burst => burst.channel === channel)?.held ?? []
  return held.length === 0 ? { held, history } : { held, history: withBurst(history, { channel, since: nowMs, count: 1, held: [] }) }
}

/** The history without a notification that waited. */
export function dropHeld (history: ReaderHistory, notificationId: string): ReaderHistory {
  const bursts = history.bursts.map(burst => ({ ...burst, held: burst.held.filter(id => id !== notificationId) }))
  return { ...history, bursts }
}

function withBurst (history: ReaderHistory, burst: ReaderBurst): ReaderHistory {
  return { ...history, bursts: [...history.bursts.filter(({ channel }) => channel !== burst.channel), burst] }
}
