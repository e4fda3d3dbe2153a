import { rejectionCodes } from '../../topology/index.ts'
import { type CataloguedTopic, catalogueTopics, retentionOf } from './topic-catalogue.ts'

/** The text of docs/topics.md: the contract of who writes and reads topics, and the table of all of them. */
export function topicsDoc (): string {
  const topics = catalogueTopics()
  return `# Topics

<!-- Generated from topology/topics.ts and ops/codegen/topics-doc.ts by \`npm run generate\`. -->

The same as AsyncAPI 3.0, with every record and the meaning and unit of every field: [asyncapi.json](asyncapi.json). A producer in Python that keeps to all
of this: [examples/python](examples/python) (\`npm run test:foreign\` runs it against a platform).

## Writing

- **Value**: Avro in Confluent wire format: a zero byte, the schema id (4 bytes, big-endian), the body. The subject of a record is \`<topic>-<full name>\`, e.g.
  \`commerce.orders.commands-commerce.orders.PlaceOrder\`; provisioning registers all of them, FULL_TRANSITIVE. Take the id of the newest version; register nothing.
- **Key**: plain UTF-8, what the table says. A null key, or one that is not that of the value, is a dead letter.
- **Partition**: Java's murmur2 over the bytes of the key, modulo the partitions of the topic: the default of Java clients, \`partitioner=murmur2_random\` of librdkafka
  (whose own default is another one). A record that lies elsewhere is forwarded to its partition, counted, and processed there exactly once. It loses its order
  among other records of its key that were sent meanwhile.
- **Identity**: \`meta.commandId\` makes a command safe to send again: the same id with the same content changes nothing, with other content it is rejected
  (\`command-id-reused\`). Take SHA-256, in hex, of anything that names the command. An empty one is derived from topic, partition and offset: then a record
  that is sent twice is two commands, but for PlaceOrder, which is known by its order id.
- **Headers**: \`traceparent\` (W3C) is handed on to everything that a record causes. Others are ignored; dead letters keep them.
- **Personal data** stands in \`commerce.common.Personal\` only, encrypted before it is written (AES-256-GCM under the key of the person). Nothing is decided by it. Cards are tokens of the
  payment provider, never numbers.
- **Prices** come from the catalog. Quoted ones count on \`commerce.orders.commands.trusted\` only, which has an access list of its own.

## Reading

Read \`read_committed\`: records of aborted transactions are in the log, and never happened. Timestamps are those of the broker (LogAppendTime); when a fact became true stands in
the record, \`meta.occurredAt\`. Events of a key are in order. \`meta.eventId\` is the same for ever: keep it to be safe against reading twice.

## What becomes of a wrong record

| what is wrong | where it is told | what follows |
| --- | --- | --- |
| the bytes: not the wire format, unknown schema id, cut off, a record of another topic | \`commerce.dlq\`, reason \`STR_RECORD_UNREADABLE\` or \`STR_SCHEMA_UNKNOWN\` | other keys go on |
| the key: null, not UTF-8, or not that of the value | \`commerce.dlq\`, reason \`STR_KEY_INVALID\` or \`STR_RECORD_REFUSED\` | other keys go on |
| a readable command breaks a rule | \`commerce.orders.rejections\`, key and \`commandId\` as in the command | nothing was changed; correct it and send a new command |
| nothing, but a handler fails | \`commerce.dlq\`, reason in \`dlq.reason\` | later records of its key wait until it is redriven or discarded, others go on |

A dead letter has the original key, bytes and headers, and beside them \`dlq.reason\`, \`dlq.message\`, \`dlq.topic\`, \`dlq.partition\`, \`dlq.offset\`, \`dlq.processor\`,
\`dlq.kind\`, \`dlq.at\`; redrive and discard: [streams/DESIGN.md](../streams/DESIGN.md), "Parked keys". All codes of the runtime: [errors.md](errors.md).

Codes of a rejection of an order or of a command about one; commands of other areas have codes of their own beside these:

| code | meaning |
| --- | --- |
${Object.entries(rejectionCodes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`).join('\n')}

## All topics

*Others write*: who may write a topic beside the nodes of the platform, and what; an empty field = nobody. The sinks into ClickHouse read the event topics, too
([topology.md](topology.md)).

| topic | key | partitions | kept | others write | written by | read by | records |
| --- | --- | --- | --- | --- | --- | --- | --- |
${topics.map(row).join('\n')}
`
}

function row (topic: CataloguedTopic): string {
  const { name, keyName, partitions, cleanup, open, writtenBy, readBy, records } = topic
  const others = open === undefined ? '' : `${open.who}${open.records === undefined ? '' : `: ${open.records.join(', ')}`}`
  return `| \`${name}\` | ${keyName} | ${partitions} | ${retentionOf(cleanup)} | ${others} | ${writtenBy.join(', ')} | ${readBy.join(', ')} | ${records.map(full => full.slice(full.lastIndexOf('.') + 1)).join(', ')} |`
}
