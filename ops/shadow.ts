import { type ProcessorDef } from '#streams'
import { createKafkaJs } from '../streams/kafka/kafkajs/index.ts'
import { createConfluentRegistry } from '../streams/serde/confluent-registry.ts'
import { openClickHouse } from '../sinks/index.ts'
import { bindRegistry } from '../topology/index.ts'
import { fail, readOptions } from './command-line.ts'
import { loadConfig } from './config.ts'
import { OpsError } from './errors.ts'
import { type ShadowDifference, runShadow } from './operate/shadow.ts'
import { kafkaOptions } from './platform/kafka.ts'
import { createPlatformTopology } from './platform/topology.ts'
import { catalogueTopics } from './codegen/topic-catalogue.ts'
import { localEndpoints } from './stack/local.ts'

const usage = `npm run shadow -- --topology NAME [--show N]

Runs one sub-topology of this version over what the running platform has recorded, without writing anything, and tells where it writes something else
than the log has. Exit code 0 = everything is the same. From a checkout of a new version, with the settings of the running platform, it tells what
would change. --show: differences that are printed (default 10).
`

function countOf (show: string): number {
  if (!/^\d{1,6}$/.test(show)) throw new OpsError('OPS_OPTION_INVALID', { problem: `--show takes a whole number, not '${show}'` })
  return Number(show)
}

/** Runs the shadow; true when nothing differs. */
async function main (name: string, show: number): Promise<boolean> {
  const config = loadConfig()
  const { brokers, registryUrl, clickhouseUrl, gatewayUrl } = { ...localEndpoints(config), ...config.external }
  const { user: username, password, database } = config.clickhouse
  const clickhouse = openClickHouse({ url: clickhouseUrl, username, password, database })
  const topology = createPlatformTopology({ clickhouse, gatewayUrl }, { risk: config.risk, fees: config.payments, identity: config.identity.rules })
  const node = topology.nodes.find((node): node is ProcessorDef => node.kind === 'processor' && node.name === name)
  if (node === undefined) {
    const names = topology.nodes.filter(({ kind }) => kind === 'processor').map(node => node.name)
    throw new OpsError('OPS_OPTION_INVALID', { problem: `--topology must be one of ${names.join(', ')}` })
  }
  const kafka = createKafkaJs(await kafkaOptions(config, brokers, 'admin'))
  try {
    await kafka.start()
    await bindRegistry(createConfluentRegistry({ url: registryUrl }))
    const shared = new Set(catalogueTopics().filter(({ writtenBy, open }) => writtenBy.length > 1 || open !== undefined).map(topic => topic.name))
    const onProgress = (done: number, total: number): void => { process.stderr.write(`\r${done} of ${total} inputs${done === total ? '\n' : ''}`) }
    const { inputs, outputs, same, shifted, differences, deadLetters } = await runShadow({ kafka, node, shared, idOf, onProgress })
    for (const difference of differences.slice(0, show)) process.stdout.write(`${describe(difference)}\n`)
    process.stdout.write(`${inputs} inputs, ${outputs} outputs, ${same} as in the log, ${shifted} but for their instants, ${differences.length} differences, ${deadLetters} dead letters\n`)
    return differences.length === 0 && inputs > 0
  } finally {
    await Promise.all([kafka.close(), clickhouse.close()])
  }
}

/** Events and commands have ids, which are derived from what led to them; views have none. */
function idOf (value: unknown): string | undefined {
  const { meta } = (value ?? {}) as { readonly meta?: { readonly eventId?: string, readonly commandId?: string | null } }
  return meta?.eventId ?? meta?.commandId ?? undefined
}

function describe ({ topic, key, id, kind, recorded, shadow }: ShadowDifference): string {
  const text = (value: unknown): string => JSON.stringify(value, (_, part: unknown) => typeof part === 'bigint' ? `${part}n` : part)
  return [`${topic} ${key} ${id}: ${kind}`, ...recorded === undefined ? [] : [`  log:    ${text(recorded)}`], ...shadow === undefined ? [] : [`  shadow: ${text(shadow)}`]].join('\n')
}

if (import.meta.main) {
  try {
    const { values } = readOptions({ options: { topology: { type: 'string' }, show: { type: 'string', default: '10' }, help: { type: 'boolean', short: 'h' } } })
    if (values.help === true) process.stdout.write(usage)
    else if (!await main(values.topology ?? '', countOf(values.show))) process.exitCode = 1
  } catch (error) {
    fail(error, { code: 2 })
  }
}
