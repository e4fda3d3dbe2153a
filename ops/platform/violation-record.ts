import { type InvariantViolated } from '#schemas'
import { NO_HEADERS, type OutgoingRecord, partitionOf, uuidOf } from '#streams'
import { type Body } from '../../topology/commands/body.ts'
import { defaultTenant, topics } from '../../topology/index.ts'

/** A violation that was found by looking, not by an input, as a record. Its id follows from `identity`: who finds the same tells the same. */
export function violationRecord (violation: Omit<Body<InvariantViolated>, 'type'>, identity: string, nowMs: number): OutgoingRecord {
  const { invariants } = topics.audit
  const eventId = uuidOf(identity)
  const key = Buffer.from(violation.subject)
  const meta = { eventId, occurredAt: nowMs, correlationId: eventId, causationId: '', aggregateVersion: 0, tenant: defaultTenant }
  return {
    topic: invariants.name,
    partition: partitionOf(key, invariants.partitions),
    key,
    value: invariants.value.encode({ type: 'InvariantViolated', meta, ...violation }),
    headers: NO_HEADERS
  }
}
