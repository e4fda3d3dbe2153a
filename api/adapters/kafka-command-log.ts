import { StreamsError } from '../../streams/errors.ts'
import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { type PlainProducer } from '../../streams/kafka/port.ts'
import { NO_HEADERS, type OutgoingRecord, type RecordHeader } from '../../streams/record.ts'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { type Clock } from '../../streams/time/clock.ts'
import { systemClock } from '../../streams/time/system-clock.ts'
import { type TopicDef } from '../../streams/topic.ts'
import { catalogKeyOf } from '../../topology/catalog/routing.ts'
import { identityKeyOf } from '../../topology/identity/process-identity.ts'
import { keyOf as behaviourKeyOf } from '../../topology/behaviour/behaviour.ts'
import { type BehaviourCommand, type CatalogCommand, type IdentityCommand, topics } from '../../topology/topics.ts'
import { type IdentityLog } from '../identity/ports.ts'
import { type AppendOptions, type BehaviourLog, type CommandLog, type IntakeCommand } from '../ports.ts'
import { type LogPosition } from '../position.ts'

interface Waiting {
  readonly record: OutgoingRecord
  readonly resolve: (position: LogPosition) => void
  readonly reject: (error: unknown) => void
}

export interface CommandLogOptions {
  /** Commands in one request at most. @default 500 */
  readonly maxBatch?: number
  /** Commands waiting for the log at most; beyond it intake is refused at once. @default 10000 */
  readonly maxWaiting?: number
  /** How long the log may take to acknowledge a request, ms. @default 5000 */
  readonly patienceMs?: number
  /** @default systemClock */
  readonly clock?: Pick<Clock, 'schedule'>
}

/**
 * Writes commands with a plain producer. Commands that arrive while a request is on its way go together in the next one: one
 * request at a time, so the order of arrival is the order in the log.
 *
 * A log that does not acknowledge within `patienceMs` is away: whoever waits is told so, and whoever comes until the request has an end is told at
 * once. The producer goes on with that request, so its commands may be written all the same.
 */
export function createKafkaCommandLog (producer: PlainProducer, options: CommandLogOptions = {}): CommandLog {
  const append = createAppender(producer, options)
  return {
    append: async (command, { trusted = false, traceparent } = {}) => await append(topicOf(command, trusted), keyOf(command), command, traceparent)
  }
}

/** Writes identity commands in the same way. */
export function createKafkaIdentityLog (producer: PlainProducer, options: CommandLogOptions = {}): IdentityLog {
  const append = createAppender(producer, options)
  return { append: async (command, { traceparent } = {}) => await append(intake(topics.identity.commands), identityKeyOf(command), command, traceparent) }
}

/** Writes behaviour in the same way, with a room of its own to wait in: a flood of it turns away no order. */
export function createKafkaBehaviourLog (producer: PlainProducer, options: CommandLogOptions = {}): BehaviourLog {
  const append = createAppender(producer, options)
  const topic = intake(topics.behaviour.commands)
  return {
    append: async (commands, { traceparent } = {}) => {
      await Promise.all(commands.map(async command => await append(topic, behaviourKeyOf(command), command, traceparent)))
    }
  }
}

type Command = IntakeCommand | IdentityCommand | BehaviourCommand
type Appender = (topic: IntakeTopic, key: string, command: Command, traceparent: AppendOptions['traceparent']) => Promise<LogPosition>

function createAppender (producer: PlainProducer, options: CommandLogOptions): Appender {
  const { maxBatch = 500, maxWaiting = 10_000, patienceMs = 5000, clock = systemClock } = options
  const waiting: Waiting[] = []
  let sending = false
  let isAway = false

  async function drain (): Promise<void> {
    sending = true
    try {
      while (waiting.length > 0) await sendBatch(waiting.splice(0, maxBatch))
    } finally {
      sending = false
    }
  }

  async function sendBatch (batch: readonly Waiting[]): Promise<void> {
    const cancel = clock.schedule(patienceMs, () => {
      isAway = true
      const error = new StreamsError('STR_BROKER_UNAVAILABLE', { reason: 'it does not acknowledge', patienceMs })
      for (const entry of [...batch, ...waiting.splice(0)]) entry.reject(error)
    })
    try {
      const positions = await producer.send(batch.map(entry => entry.record))
      for (const [index, entry] of batch.entries()) {
        const position = positions[index]
        if (position === undefined) entry.reject(new StreamsError('STR_BROKER_UNAVAILABLE', { reason: 'no offset in the answer' }))
        else entry.resolve({ topic: position.topic, partition: position.partition, offset: position.offset })
      }
    } catch (error) {
      for (const entry of batch) entry.reject(error)
    } finally {
      cancel()
      isAway = false
    }
  }

  return async (topic, name, command, traceparent) => {
    if (isAway) throw new StreamsError('STR_BROKER_UNAVAILABLE', { reason: 'it does not acknowledge' })
    if (waiting.length >= maxWaiting) throw new StreamsError('STR_BROKER_UNAVAILABLE', { reason: 'too many commands wait for it' })
    const key = Buffer.from(name)
    const headers: readonly RecordHeader[] = traceparent === undefined ? NO_HEADERS : [['traceparent', Buffer.from(traceparent)]]
    const record = { topic: topic.name, partition: partitionOf(key, topic.partitions), key, value: topic.encode(command), headers }
    return await new Promise<LogPosition>((resolve, reject) => {
      waiting.push({ record, resolve, reject })
      if (!sending) drain().catch(reject)
    })
  }
}

interface IntakeTopic { readonly name: string, readonly partitions: number, readonly encode: (command: Command) => Buffer }

function keyOf (command: IntakeCommand): string {
  if (command.type === 'SetCreditLimit') return command.customerId
  if (command.type === 'FlagChanged') return command.name
  if ('webhookId' in command) return command.ownerId
  if (command.type === 'EraseSubject') return command.subject
  if ('userId' in command) return command.userId
  if (isCatalogCommand(command)) return catalogKeyOf(command)
  return 'sku' in command ? command.sku : command.orderId
}

const catalogCommands: ReadonlySet<string> = new Set<CatalogCommand['type']>([
  'CreateProduct', 'UpdateProduct', 'ChangePrice', 'PublishProduct', 'UnpublishProduct', 'ArchiveProduct', 'CreateCategory', 'RenameCategory', 'MoveCategory',
  'ArchiveCategory'
])

function isCatalogCommand (command: IntakeCommand): command is CatalogCommand {
  return catalogCommands.has(command.type)
}

function topicOf (command: IntakeCommand, trusted: boolean): IntakeTopic {
  if (command.type === 'RefundPayment') return intake(topics.compensations.payment)
  if (command.type === 'PaymentCallback') return intake(topics.payments.callbacks)
  if (command.type === 'SetCreditLimit') return intake(topics.customers.commands)
  if (command.type === 'FlagChanged') return intake(topics.flags.state)
  if ('webhookId' in command) return intake(topics.webhooks.commands)
  if (command.type === 'EraseSubject') return intake(topics.privacy.commands)
  if (command.type === 'NotificationRequested') return intake(topics.notifications.requests)
  if ('userId' in command) return intake(topics.notifications.commands)
  if (command.type === 'CancelShipment') return intake(topics.compensations.shipment)
  if (isCatalogCommand(command)) return intake(topics.catalog.commands)
  if ('shipmentId' in command) return intake(topics.shipping.commands)
  if ('sku' in command) return intake(topics.inventory.commands)
  return intake(trusted ? topics.orders.commandsTrusted : topics.orders.commands)
}

function intake<V extends TypedValue> ({ name, partitions, value }: TopicDef<V>): IntakeTopic {
  return { name, partitions, encode: command => value.encode(command as unknown as V) }
}
