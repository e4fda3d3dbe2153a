import { type Clock, type Kafka, type Logger, type Metrics } from '#streams'
import { auditLawSymbols } from '#schemas'
import { type ClickHouseClient, queries, runQuery } from '../../sinks/index.ts'
import { type Violation } from '../../topology/audit/law.ts'
import { topics } from '../../topology/topics.ts'
import { openEventFeed } from '../play/event-feed.ts'

/** Violations named at most by `toldViolations`: where there are more, nobody reads on. */
const MOST_VIOLATIONS = 1_000

/**
 * Follows audit.invariants from its start: a gauge by law, the same in every process and after every restart, and a log line for
 * each violation that is written from now on. A topic that cannot be followed is a log line too, and nothing else: what it is
 * watched from must not fail with it.
 */
export function watchInvariants (options: {
  readonly platform: { readonly kafka: Kafka }, readonly metrics: Metrics, readonly logger: Logger, readonly clock: Clock
}): { close (): Promise<void> } {
  const { platform: { kafka }, metrics, logger, clock } = options
  const sinceMs = clock.now()
  const gauge = metrics.gauge({ name: 'audit_violations', help: 'Violations of the conservation laws that were ever written to commerce.audit.invariants.', labels: ['law'] })
  const counts = new Map<string, number>()
  for (const law of auditLawSymbols) gauge.set({ law }, 0)
  const onFailure = (error: unknown): void => { logger.error({ err: error }, 'the violations of laws are not counted') }
  const opening = openEventFeed({
    kafka,
    topic: topics.audit.invariants,
    from: new Map(),
    onFailure,
    onValue: ({ law, subject, message, expected, actual, topic, partition, offset }, record) => {
      counts.set(law, (counts.get(law) ?? 0) + 1)
      gauge.set({ law }, counts.get(law) ?? 0)
      if (record.timestampMs >= sinceMs) logger.error({ law, subject, problem: message, expected, actual, topic, partition, offset }, 'a conservation law is broken')
    }
  })
  opening.catch(onFailure)
  return {
    close: async () => {
      const feed = await opening.catch(() => undefined)
      await feed?.close()
    }
  }
}

/** The violations that were told since these offsets of audit.invariants, as analytics holds them: for the final check of a run. */
export async function toldViolations (client: ClickHouseClient, from: ReadonlyMap<string, bigint>): Promise<readonly Violation[]> {
  const mine = [...from].filter(([key]) => key.startsWith(`${topics.audit.invariants.name}-`))
  const rows = await runQuery(client, queries.violationsSince, { from: new Map(mine.map(([key, offset]) => [key, Number(offset)])), limit: MOST_VIOLATIONS })
  return rows.map(({ law, subject, message, expected, actual }) => {
    return { law: law as Violation['law'], subject, message: `${message}: ${expected} expected, ${actual} found` }
  })
}
