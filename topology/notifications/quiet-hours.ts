import { type ReaderProfile } from '#schemas'

const minuteMs = 60_000
const dayMinutes = 1_440
const clocks = new Map<string, Intl.DateTimeFormat>()

/** When the quiet hours that a reader is in now end, epoch ms; undefined = he is in none. Pure but for the time zones of the system. */
export function quietUntilMs ({ quietFrom, quietUntil, timeZone }: Pick<ReaderProfile, 'quietFrom' | 'quietUntil' | 'timeZone'>, nowMs: number): number | undefined {
  if (quietFrom === null || quietUntil === null || quietFrom === quietUntil) return undefined
  const minute = minuteOfDay(nowMs, timeZone ?? 'UTC')
  const isQuiet = quietFrom < quietUntil ? minute >= quietFrom && minute < quietUntil : minute >= quietFrom || minute < quietUntil
  if (!isQuiet) return undefined
  const waitMinutes = (quietUntil - minute + dayMinutes) % dayMinutes
  return nowMs - nowMs % minuteMs + waitMinutes * minuteMs
}

/** True for a time zone that the system knows. */
export function isTimeZone (name: string): boolean {
  try {
    return clockOf(name) !== undefined
  } catch {
    return false
  }
}

function minuteOfDay (ms: number, timeZone: string): number {
  const parts = clockOf(timeZone).formatToParts(ms)
  const value = (type: string): number => Number(parts.find(part => part.type === type)?.value)
  return value('hour') * 60 + value('minute')
}

/** Kept: making one costs more than all the rest. */
function clockOf (timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone)
  if (clock === undefined) clocks.set(timeZone, clock = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', hour: '2-digit', minute: '2-digit' }))
  return clock
}
