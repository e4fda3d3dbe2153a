import { type MessageName, fullNames } from '#schemas'
import { describeNodes } from '#streams'
import { type PaymentGateway, createTopology } from '../../topology/index.ts'
import { allTopics, deadLetterCommandTopic, deadLetterEventTopic, deadLetterTopic } from '../../topology/topics.ts'
import { type CommerceSerde } from '../../topology/codec.ts'
import { type Cleanup } from '../../streams/topic.ts'

/** A topic with everything that who writes or reads it has to know. */
export interface CataloguedTopic {
  readonly name: string
  readonly keyName: string
  readonly partitions: number
  readonly cleanup: Cleanup
  /** Full names of its records; empty = not Avro of ours. */
  readonly records: readonly string[]
  /** Nodes of the platform that write it, and that read it. */
  readonly writtenBy: readonly string[]
  readonly readBy: readonly string[]
  /** What others may write, and who; undefined = nobody but the platform. */
  readonly open: OpenTopic | undefined
}

/** What may be written from outside of the topology. `records` undefined = all that the topic carries. */
export interface OpenTopic { readonly who: string, readonly records?: readonly MessageName[] }

/** Everything that is written by anybody but the nodes. */
const openTopics: Readonly<Record<string, OpenTopic>> = {
  'commerce.orders.commands': { who: 'any producer; the API' },
  'commerce.orders.commands.trusted': { who: 'producers that may quote prices; the API for those who may' },
  'commerce.inventory.commands': { who: 'any producer; the API', records: ['RegisterSku', 'Restock', 'AdjustStock', 'HoldStock', 'ReleaseHold'] },
  'commerce.payments.callbacks': { who: 'the API' },
  'commerce.shipping.commands': { who: 'carriers; the API', records: ['RecordTracking', 'RecordDeliveryAttempt', 'ConfirmDelivery'] },
  'commerce.compensations.payment': { who: 'the API', records: ['RefundPayment'] },
  'commerce.compensations.shipment': { who: 'the API' },
  'commerce.compensations.order': { who: 'operators, for an order that is to end' },
  'commerce.customers.commands': { who: 'any producer; the API' },
  'commerce.flags': { who: 'the API; provisioning' },
  'commerce.behaviour.commands': { who: 'the API' },
  'commerce.webhooks.commands': { who: 'the API' },
  'commerce.notifications.requests': { who: 'the API' },
  'commerce.notifications.commands': { who: 'the API' },
  'commerce.catalog.commands': { who: 'any producer; the API' },
  'commerce.imports.invoices': { who: 'the import' },
  'commerce.privacy.commands': { who: 'the API' },
  'commerce.identity.commands': { who: 'the API; provisioning' },
  'commerce.audit.invariants': { who: 'the reconciler of the counts' },
  'commerce.dlq.commands': { who: 'operators (JSON)' }
}

/** The topics of the platform, in the order of the catalogue, then those of the runtime. */
export function catalogueTopics (): readonly CataloguedTopic[] {
  const { nodes } = describeNodes(createTopology({ payments: { gateway: {} as PaymentGateway } }))
  const namesOf = (topic: string, side: 'inputs' | 'outputs') => nodes.filter(node => node[side].includes(topic)).map(({ name }) => name)
  const globalsOf = (topic: string) => nodes.filter(({ globals }) => globals.some(global => global.topic === topic)).map(({ name }) => name)
  const business = allTopics.map(({ name, keyName, partitions, cleanup, value }) => ({
    name,
    keyName,
    partitions,
    cleanup,
    records: (value as CommerceSerde).records.map(record => fullNames[record]),
    writtenBy: namesOf(name, 'outputs'),
    readBy: [...new Set([...namesOf(name, 'inputs'), ...globalsOf(name)])],
    open: openTopics[name]
  }))
  const everybody = ['every processor']
  const runtime = [deadLetterTopic, deadLetterCommandTopic, deadLetterEventTopic].map(topic => ({
    ...topic,
    records: [],
    ...topic === deadLetterCommandTopic ? { writtenBy: [], readBy: everybody } : { writtenBy: everybody, readBy: [] },
    open: openTopics[topic.name]
  }))
  return [...business, ...runtime]
}

/** How long a topic keeps its records, for people. */
export function retentionOf ({ policy, ...cleanup }: Cleanup): string {
  if (policy === 'keep') return 'for ever'
  if (policy === 'compact') return 'the newest of each key'
  const days = Number('retentionMs' in cleanup ? cleanup.retentionMs : 0) / 86_400_000
  return days === 1 ? 'a day' : `${days} days`
}
