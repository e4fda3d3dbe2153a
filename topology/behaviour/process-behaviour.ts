import { type OrderConfirmed, type RecordCheckoutStarted, type RecordExposure, type RecordProductAddedToCart, type RecordProductViewed } from '#schemas'
import { StreamsError } from '../../streams/errors.ts'
import { withInbox } from '../../streams/inbox.ts'
import { type ProcessorContext, type RecordInfo, defineProcessor } from '../../streams/processor.ts'
import { causeOf, eventMeta } from '../envelope.ts'
import { topics } from '../topics.ts'
import { exposureOf, identityOf, keyOf, purchaseOf, visitOf } from './behaviour.ts'

/** Name of the sub-topology: in task ids, the changelog and the hash slots of the state. */
export const behaviourName = 'behaviour'

/**
 * How long what was told is remembered, ms: two days. The door takes nothing older than a day, so a repeat that comes later than this is
 * refused there. A client that writes to the topic itself must not repeat itself after it.
 */
export const behaviourMemoryMs = 2 * 86_400_000

/** How long the tasks let records gather, ms: nobody waits for them. */
const lingerMs = 250

type Visit = RecordProductViewed | RecordProductAddedToCart | RecordCheckoutStarted

/** Tells once what clients tell at least once, and what orders that were confirmed have sold. See README.md. */
export const behaviourProcessor = withInbox<Visit | RecordExposure | OrderConfirmed>(defineProcessor<Visit | RecordExposure | OrderConfirmed>({
  name: behaviourName,
  inputs: [topics.behaviour.commands, topics.orders.events],
  outputs: [topics.behaviour.events, topics.experiments.exposures],
  handlers: { RecordProductViewed: visit, RecordProductAddedToCart: visit, RecordCheckoutStarted: visit, RecordExposure: expose, OrderConfirmed: purchase },
  lingerMs
}), { eventId: identityOf, lifeMs: behaviourMemoryMs })

function visit (context: ProcessorContext, command: Visit, record: RecordInfo): void {
  checkKey(record, command)
  const meta = eventMeta(context, causeOf(command.meta, context.source))
  context.emit(topics.behaviour.events, { key: record.key, value: { ...visitOf(command), meta } })
}

function expose (context: ProcessorContext, command: RecordExposure, record: RecordInfo): void {
  checkKey(record, command)
  const meta = eventMeta(context, causeOf(command.meta, context.source))
  context.emit(topics.experiments.exposures, { key: record.key, value: { ...exposureOf(command), meta } })
}

function purchase (context: ProcessorContext, event: OrderConfirmed, { key }: RecordInfo): void {
  context.emit(topics.behaviour.events, { key, value: { ...purchaseOf(event), meta: eventMeta(context, causeOf(event.meta)) } })
}

/** What repeats itself under another key would lie with another task, whose inbox does not know it. */
function checkKey ({ key }: RecordInfo, command: Visit | RecordExposure): void {
  if (key !== keyOf(command)) throw new StreamsError('STR_RECORD_REFUSED', { why: 'the record key is not the session or the subject' })
}
