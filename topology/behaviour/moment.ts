/** How old what a client tells may be, ms: a day. Less than the platform remembers its ids. */
export const oldestMs = 86_400_000

/** How far the clock of a client may be ahead of ours, ms. */
export const aheadMs = 5 * 60_000

/** Why a time that a client tells is refused, in words; undefined = it is not. A wrong time is never put right: it would count on a wrong day. */
export function whyRefused (atMs: number, nowMs: number): string | undefined {
  if (!Number.isFinite(atMs)) return 'is no time'
  if (atMs > nowMs + aheadMs) return 'is more than 5 minutes ahead of the clock of the platform'
  if (atMs < nowMs - oldestMs) return 'is more than 24 hours ago'
  return undefined
}
