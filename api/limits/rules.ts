/** At most so many requests in a window of fixed length, which begins with the first of them. */
export interface WindowRule { readonly max: number, readonly windowMs: number }

/** A bucket of `max` tokens, one for each request, into which `refill` come back in `everyMs`, evenly. */
export interface BucketRule { readonly max: number, readonly refill: number, readonly everyMs: number }

/** How many requests of one sender are taken. */
export type LimitRule = WindowRule | BucketRule

/** What a request comes to: more than the rule's `max` = it is one too many. */
export interface Count {
  /** Requests of the window, or tokens that are gone, this one included. */
  readonly current: number
  /** Until the window ends; of a bucket until a token comes back. Ms. */
  readonly resetMs: number
}

/** What is remembered of a sender: where the window ends and its requests so far; or when the bucket is full again. */
export interface Tally { readonly untilMs: number, readonly count: number }

export function isBucket (rule: LimitRule): rule is BucketRule {
  return 'refill' in rule
}

/** How long a sender is remembered at most, ms: the window, or until an empty bucket is full. */
export function memoryMs (rule: LimitRule): number {
  return isBucket(rule) ? rule.max * tokenMs(rule) : rule.windowMs
}

/** Time in which one token comes back, ms. */
export function tokenMs ({ refill, everyMs }: BucketRule): number {
  return everyMs / refill
}

/**
 * Counts one request; `before` undefined = the first of its sender. A bucket is kept as the moment at which it is full again: a request
 * moves it by a token, and one that finds none leaves it where it is.
 */
export function countRequest (before: Tally | undefined, rule: LimitRule, nowMs: number): { readonly tally: Tally, readonly count: Count } {
  return isBucket(rule) ? countToken(before, rule, nowMs) : countInWindow(before, rule, nowMs)
}

function countInWindow (before: Tally | undefined, { windowMs }: WindowRule, nowMs: number): { readonly tally: Tally, readonly count: Count } {
  const isOpen = before !== undefined && before.untilMs > nowMs
  const tally = isOpen ? { ...before, count: before.count + 1 } : { untilMs: nowMs + windowMs, count: 1 }
  return { tally, count: { current: tally.count, resetMs: tally.untilMs - nowMs } }
}

function countToken (before: Tally | undefined, rule: BucketRule, nowMs: number): { readonly tally: Tally, readonly count: Count } {
  const each = tokenMs(rule)
  const fullAtMs = Math.max(before?.untilMs ?? 0, nowMs) + each
  const excessMs = fullAtMs - nowMs - rule.max * each
  if (excessMs > 0) return { tally: { untilMs: fullAtMs - each, count: 0 }, count: { current: rule.max + 1, resetMs: Math.ceil(excessMs) } }
  return { tally: { untilMs: fullAtMs, count: 0 }, count: { current: Math.ceil((fullAtMs - nowMs) / each), resetMs: Math.ceil(each) } }
}
