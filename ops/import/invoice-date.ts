const isoDate = /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[ T](?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))?$/
const americanDate = /^(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4}) (?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2}))?$/

/**
 * Reads a date and time, taken as UTC, into epoch ms: `2010-12-01 08:26`, with or without seconds, and month first `12/1/2010 8:26`, as
 * the public copies of the set write them. Undefined for any other text and for days that no calendar has.
 */
export function parseInvoiceDate (text: string): number | undefined {
  const parts = (isoDate.exec(text) ?? americanDate.exec(text))?.groups
  if (parts === undefined) return undefined
  const [year, month, day, hour, minute, second] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map(name => Number(parts[name] ?? 0)) as Six
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  return isReal && year >= 1970 ? date.getTime() : undefined
}

type Six = [number, number, number, number, number, number]
