import { isDeepStrictEqual } from 'node:util'
import { type Summary } from '../../ops/start/summary.ts'
import { type Figures } from './expect.ts'
import { type GatewayTotals } from './outside.ts'

/** What a run ended with: the player's own summary, and what an outsider sees beside it. */
export interface Result {
  /** Of the player: it verifies the run. */
  readonly exitCode: number | NodeJS.Signals
  readonly summary: Summary
  readonly deadLetters: number
  /** Rows in ClickHouse by event type. */
  readonly eventTypes: Readonly<Record<string, number>>
  readonly gateway: GatewayTotals
}

/** What must be the same in every run of one seed, whatever happened to it on the way. */
export function figuresOf ({ summary, gateway, deadLetters }: Result): Figures {
  return {
    ...figuresOfSummary(summary),
    ...Object.fromEntries(Object.entries(gateway).map(([currency, totals]) => [`gateway.${currency}`, totals])),
    deadLetters
  }
}

/** The part of the figures that the summary tells. */
export function figuresOfSummary ({ orders, lines, revenue, credits }: Summary): Figures {
  return {
    ...Object.fromEntries(Object.entries(orders).map(([name, count]) => [`orders.${name}`, count])),
    lines,
    ...Object.fromEntries(Object.entries(revenue).map(([currency, amount]) => [`revenue.${currency}`, amount])),
    credits
  }
}

/** What two runs of one input must have in common: the figures, and the digest of all state. */
export function likenessOf (summary: Summary): Figures {
  return { ...figuresOfSummary(summary), stateDigest: summary.stateDigest }
}

/** What is wrong with a run by itself, one line each. */
export function faultsOf ({ exitCode, summary, deadLetters }: Result): string[] {
  const { invariants, analytics } = summary
  return [
    ...(exitCode === 0 ? [] : [`the player ended with ${exitCode}`]),
    ...invariants.violations.map(violation => `violation: ${violation}`),
    ...(analytics.topicRecords === analytics.clickhouseRows ? [] : [`the topics hold ${analytics.topicRecords} records, ClickHouse ${analytics.clickhouseRows} rows`]),
    ...(deadLetters === 0 ? [] : [`${deadLetters} dead letters`])
  ]
}

/** Where figures differ from the wanted ones, one line each. */
export function differences (wanted: Figures, found: Figures): string[] {
  return [...new Set([...Object.keys(wanted), ...Object.keys(found)])].filter(name => !isDeepStrictEqual(wanted[name], found[name]))
    .map(name => `${name} is ${text(found[name])} instead of ${text(wanted[name])}`)
}

/** Event types that came more or less often than in the undisturbed run: what another order of arrival changes. */
export function otherEvents (reference: Result, other: Result): string[] {
  const [wanted, found] = [reference.eventTypes, other.eventTypes]
  return [...new Set([...Object.keys(wanted), ...Object.keys(found)])].filter(type => wanted[type] !== found[type])
    .map(type => `${found[type] ?? 0} ${type} instead of ${wanted[type] ?? 0}`)
}

function text (value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
