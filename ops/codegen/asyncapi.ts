import { type MessageName, fullNames, schemas } from '#schemas'
import { type GeneratedFile } from './avro-types.ts'
import { type CataloguedTopic, catalogueTopics, retentionOf } from './topic-catalogue.ts'

const avro = 'application/vnd.apache.avro;version=1.9.0'
const bindingVersion = '0.5.0'

const shortNames = new Map(Object.entries(fullNames).map(([short, full]) => [full, short as MessageName]))

/** docs/asyncapi.json: every topic and record as AsyncAPI 3.0, from the point of view of the platform. */
export function generateAsyncApi (): readonly GeneratedFile[] {
  return [{ path: 'docs/asyncapi.json', content: `${JSON.stringify(describeTopics(catalogueTopics()), null, 2)}\n` }]
}

/** The AsyncAPI document of those topics: Avro topics become channels; those of the runtime carry bytes or JSON, and are in docs/topics.md. */
export function describeTopics (topics: readonly CataloguedTopic[]): object {
  const channels = topics.filter(({ records }) => records.length > 0)
  const carried = new Set(channels.flatMap(({ records }) => records))
  const messages = [...shortNames].filter(([full]) => carried.has(full)).sort(([a], [b]) => a < b ? -1 : 1)
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Commerce streams',
      version: '1',
      description: 'Every topic of the platform: what it carries, by what key, for how long, and who may write it. The contract of a producer is in topics.md.',
      license: { name: 'Apache-2.0' }
    },
    defaultContentType: 'application/vnd.apache.avro',
    servers: {
      local: {
        host: '127.0.0.1:19092',
        protocol: 'kafka',
        description: 'The broker that `npm start` brings up; COMMERCE_BROKERS names others.',
        bindings: { kafka: { schemaRegistryUrl: 'http://127.0.0.1:18081/apis/ccompat/v7', schemaRegistryVendor: 'confluent', bindingVersion } }
      }
    },
    channels: Object.fromEntries(channels.map(topic => [channelId(topic), channelOf(topic)])),
    operations: Object.fromEntries(channels.flatMap(operationsOf)),
    components: { messages: Object.fromEntries(messages.map(([full, short]) => [full, messageOf(short)])) }
  }
}

function channelId ({ name }: CataloguedTopic): string {
  return name.replace('commerce.', '')
}

function channelOf (topic: CataloguedTopic): object {
  const { name, keyName, partitions, cleanup, records, writtenBy, readBy, open } = topic
  const writers = [...writtenBy, ...open === undefined ? [] : [open.who]]
  return {
    address: name,
    description: `Key: ${keyName}. Kept: ${retentionOf(cleanup)}. Written by: ${writers.join(', ')}. Read by: ${readBy.join(', ') || 'nobody in the platform'}.`,
    messages: Object.fromEntries(records.map(full => [full, { $ref: `#/components/messages/${full}` }])),
    bindings: {
      kafka: {
        topic: name,
        partitions,
        topicConfiguration: {
          'cleanup.policy': [cleanup.policy === 'compact' ? 'compact' : 'delete'],
          'retention.ms': cleanup.policy === 'delete' ? cleanup.retentionMs : -1
        },
        bindingVersion
      }
    }
  }
}

/** What the platform takes from a topic and what it writes into it; only what others may write is an operation of theirs. */
function operationsOf (topic: CataloguedTopic): ReadonlyArray<readonly [id: string, operation: object]> {
  const { records, writtenBy, readBy, open } = topic
  const id = channelId(topic)
  const channel = { $ref: `#/channels/${id}` }
  const refs = (names: readonly string[]) => names.map(full => ({ $ref: `#/channels/${id}/messages/${full}` }))
  return [
    ...readBy.length === 0 ? [] : [[`receive ${id}`, { action: 'receive', channel, summary: `Read by ${readBy.join(', ')}.`, messages: refs(acceptedRecords(open, records)) }] as const],
    ...writtenBy.length === 0 ? [] : [[`send ${id}`, { action: 'send', channel, summary: `Written by ${writtenBy.join(', ')}.`, messages: refs(records) }] as const]
  ]
}

function acceptedRecords (open: CataloguedTopic['open'], records: readonly string[]): readonly string[] {
  return open?.records === undefined ? records : open.records.map(short => fullNames[short])
}

function messageOf (short: MessageName): object {
  const schema = schemas[short] as { readonly doc: string }
  return {
    name: fullNames[short],
    title: short,
    summary: schema.doc,
    headers: { type: 'object', properties: { traceparent: { type: 'string', description: 'W3C trace context; handed on to everything that the record causes.' } } },
    payload: { schemaFormat: avro, schema },
    bindings: {
      kafka: {
        key: { type: 'string', description: 'Plain UTF-8.' },
        schemaIdLocation: 'payload',
        schemaIdPayloadEncoding: 'confluent',
        schemaLookupStrategy: 'TopicRecordNameStrategy',
        bindingVersion
      }
    }
  }
}
