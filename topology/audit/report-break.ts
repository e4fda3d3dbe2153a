import { type ProcessorContext } from '../../streams/processor.ts'
import { type Cause, eventMeta } from '../envelope.ts'
import { topics } from '../topics.ts'
import { type Break } from './followed.ts'

/** The record that showed a break. */
export interface ShownBy { readonly topic: string, readonly partition: number, readonly offset: bigint | number }

/**
 * How long an audit lets events gather before it looks at them, ms. Nobody waits for it, and a watch that commits as often as those it
 * watches would take as much of the broker as they do.
 */
export const auditLingerMs = 250

/** Writes a break to audit.invariants, keyed by what it is about. */
export function reportBreak (context: ProcessorContext, subject: string, found: Break, shownBy: ShownBy, cause: Cause): void {
  const { topic, partition, offset } = shownBy
  context.emit(topics.audit.invariants, {
    key: subject,
    value: { type: 'InvariantViolated', meta: eventMeta(context, cause), subject, ...found, topic, partition, offset: Number(offset) }
  })
}
