import { type Clock, type Logger, type Metrics, type OutgoingRecord, partitionOf } from '#streams'
import { type Violation } from '../../topology/audit/law.ts'
import { topics } from '../../topology/index.ts'
import { type Platform } from './connect.ts'
import { keepLooking } from './keep-looking.ts'
import { PaymentReconciler, type ProviderBooks } from './reconcile-payments.ts'
import { violationRecord } from './violation-record.ts'

export interface PaymentReconcilerOptions {
  readonly platform: Pick<Platform, 'kafka' | 'state'>
  readonly readBooks: () => Promise<ProviderBooks>
  readonly metrics: Metrics
  readonly logger: Logger
  readonly clock: Clock
  /** Pause before each look, ms; 0 = never look. */
  readonly everyMs: number
}

/**
 * Holds the payments against the books of their provider every `everyMs`. A difference that two looks in a row find is a violation of
 * the law of money on audit.invariants, a log line and a gauge. A look that cannot be made is a warning: the next one is made as usual.
 */
export function startPaymentReconciler ({ platform, readBooks, metrics, logger, clock, everyMs }: PaymentReconcilerOptions): { close (): Promise<void> } {
  if (everyMs === 0) return { close: async () => {} }
  const reconciler = new PaymentReconciler(platform.state, readBooks)
  const differing = metrics.gauge({ name: 'payments_differing', help: 'Payments of which the provider has other books.', labels: [] })
  const failing = metrics.gauge({ name: 'payments_failing_compensations', help: 'Voids and refunds that have failed ten times or more and are tried again.', labels: [] })
  const lookedAt = metrics.gauge({ name: 'payments_last_look_seconds', help: 'When the payments were last held against their provider, epoch seconds.', labels: [] })
  const look = async (): Promise<void> => {
    const found = await reconciler.look()
    differing.set({}, new Set(found.violations.map(({ subject }) => subject)).size)
    failing.set({}, found.failing)
    lookedAt.set({}, clock.now() / 1000)
    for (const violation of found.confirmed) {
      logger.error({ orderId: violation.subject, problem: violation.message }, 'the payment provider has other books')
      await platform.kafka.producer().send([recordOf(violation, clock.now())])
      reconciler.told(violation)
    }
  }
  return keepLooking({ clock, logger, firstAfterMs: everyMs, everyMs, look, failed: 'the payments could not be held against their provider' })
}

function recordOf ({ subject, message }: Violation, nowMs: number): OutgoingRecord {
  const { name: topic, partitions } = topics.payments.events
  const violation = {
    law: 'money' as const,
    subject,
    message: 'the payment provider has other books than we',
    expected: 'the same amounts on both sides',
    actual: message,
    topic,
    partition: partitionOf(subject, partitions),
    offset: -1
  }
  return violationRecord(violation, `payments\n${subject}\n${message}`, nowMs)
}
