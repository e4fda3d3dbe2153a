import { createKafkaJs } from '../streams/kafka/kafkajs/index.ts'
import { createConfluentRegistry } from '../streams/serde/confluent-registry.ts'
import { type Kafka } from '#streams'
import { bindRegistry } from '../topology/codec.ts'
import { type KeyProvider, decryptPersonal } from '../topology/personal.ts'
import { topics } from '../topology/topics.ts'
import { fail, readOptions } from './command-line.ts'
import { loadConfig } from './config.ts'
import { openKeys } from './keys/open-keys.ts'
import { kafkaOptions } from './platform/kafka.ts'
import { localEndpoints } from './stack/local.ts'
import { readPartition } from './verify/read-partition.ts'

/** A notification as its reader would get it. */
export interface Letter {
  /** When it was asked for, epoch ms. */
  readonly atMs: number
  /** Address of the reader; undefined = that of an account, or its key was destroyed. */
  readonly to: string | undefined
  readonly template: string
  readonly variables: Readonly<Record<string, string>>
}

/**
 * The notifications that are about accounts, oldest first, with their tokens in the clear: what a mail would say. Only who has the keys of
 * personal data can read them, and nothing else writes them down. For development, where no mail is sent.
 */
export async function readMailbox (kafka: Kafka, keys: KeyProvider): Promise<readonly Letter[]> {
  const { name: topic, partitions, value } = topics.notifications.requests
  const parts = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
  const [starts, ends] = await Promise.all([kafka.startOffsets(parts), kafka.endOffsets(parts)])
  const values: Buffer[] = []
  await Promise.all(parts.map(async at => {
    const key = `${at.topic}-${at.partition}`
    const range = { from: starts.get(key) ?? 0n, end: ends.get(key) ?? 0n }
    await readPartition(kafka, at, range, ({ value: bytes }) => { if (bytes !== null) values.push(Buffer.from(bytes)) })
  }))
  const letters: Letter[] = []
  for (const bytes of values) {
    await value.prepare?.(bytes)
    const { meta, orderId, template, recipient, sealed, variables } = value.decode(bytes)
    if (orderId !== null) continue
    const contact = recipient === null ? null : await decryptPersonal(keys, 'contact', recipient)
    const secrets = sealed === null ? null : await decryptPersonal(keys, 'secret', sealed)
    letters.push({ atMs: meta.occurredAt, to: contact?.['email'], template, variables: { ...variables, ...secrets } })
  }
  return letters.sort((a, b) => a.atMs - b.atMs)
}

/** Prints the letters of the running platform. */
async function main (): Promise<void> {
  const config = loadConfig()
  const { brokers, registryUrl } = { ...localEndpoints(config), ...config.external }
  const kafka = createKafkaJs(await kafkaOptions(config, brokers, 'admin'))
  await kafka.start()
  try {
    await bindRegistry(createConfluentRegistry({ url: registryUrl }))
    const letters = await readMailbox(kafka, openKeys(config))
    for (const { atMs, to, template, variables } of letters) {
      process.stdout.write(`${new Date(atMs).toISOString()}  ${template}  to ${to ?? 'nobody'}\n`)
      for (const [name, value] of Object.entries(variables)) process.stdout.write(`  ${name}: ${value}\n`)
    }
    if (letters.length === 0) process.stdout.write('nobody was written to about an account\n')
  } finally {
    await kafka.close()
  }
}

const usage = `npm run mailbox

Prints the letters about accounts that the running platform wrote, oldest first, with the tokens in them: for development, where no mail is sent.
`

if (import.meta.main) {
  try {
    const { values } = readOptions({ options: { help: { type: 'boolean', short: 'h' } } })
    if (values.help === true) process.stdout.write(usage)
    else await main()
  } catch (error) {
    fail(error)
  }
}
