import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { partitionKey } from '#streams'
import { findTopic } from '../../topology/index.ts'
import { type Config, loadConfig } from '../config.ts'
import { ensureDataFolder } from '../platform/data-folder.ts'
import { localEndpoints, startLocal, stopLocal } from '../stack/local.ts'
import { freePorts } from '../stack/ports.ts'
import { type Endpoints, type Report, processNames, processesOf } from '../stack/stack.ts'
import { Supervisor } from '../stack/supervisor.ts'
import { refused } from './refusal.ts'

/** What goes along with the log as it is: schema ids, the books of the embedded gateway, keys. */
const carried = ['registry', 'gateway', 'keys'] as const

/** Brokers of the old and of the new data folder, and the registry of the new one. */
export interface LocalLogs {
  readonly old: Config
  readonly endpoints: Pick<Endpoints, 'registryUrl'>
  readonly sourceBrokers: readonly string[]
  readonly targetBrokers: readonly string[]
  close (): Promise<void>
}

/**
 * Makes the new data folder out of the old one, but for its log, and starts the brokers of both: the old ones at ports of their own.
 *
 * @throws {OpsError} OPS_REPARTITION_REFUSED when the old folder is none, is the new one, or its stack is not down.
 */
export async function openLocalLogs (from: string, config: Config, report: Report): Promise<LocalLogs> {
  const folder = resolve(from)
  if (!existsSync(join(folder, 'kafka'))) throw refused(`${folder} holds no log`)
  if (folder === resolve(config.dataDir)) throw refused('the new data folder is the old one: name another one with --data-dir')
  const old = await atOtherPorts(folder, config)
  // A broker alone is what a run that was killed leaves behind: it is started anew.
  const supervisor = new Supervisor(folder, old.stack.timeoutMs, report)
  const running = processNames.find(name => !processesOf('kafka').includes(name) && supervisor.running(name) !== undefined)
  if (running !== undefined) throw refused(`${running} of ${folder} runs: \`npm run stack:down\` first`)
  await ensureDataFolder(config.dataDir)
  for (const name of carried) await carryOver(join(folder, name), join(config.dataDir, name))
  await carryRuns(join(folder, 'runs'), join(config.dataDir, 'runs'))
  const close = async (): Promise<void> => {
    await stopLocal(['kafka', 'registry'], config, report)
    await stopLocal(['kafka'], old, report)
  }
  try {
    await startLocal(['kafka'], old, report)
    await startLocal(['kafka', 'registry'], config, report)
    const { brokers: targetBrokers, registryUrl } = localEndpoints(config)
    return { old, sourceBrokers: localEndpoints(old).brokers, targetBrokers, endpoints: { registryUrl }, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function atOtherPorts (folder: string, { host, kafka }: Config): Promise<Config> {
  const [broker = 0, controller = 0, ...peers] = await freePorts(host, 6)
  return loadConfig({
    overrides: {
      COMMERCE_DATA_DIR: folder,
      COMMERCE_KAFKA_PORT: broker,
      COMMERCE_KAFKA_CONTROLLER_PORT: controller,
      COMMERCE_KAFKA_PEER_PORTS: peers.join(','),
      COMMERCE_KAFKA_SECURE: kafka.isLocalSecure ? 'on' : 'off'
    }
  })
}

/** Whole or not at all, and once. */
async function carryOver (from: string, to: string): Promise<void> {
  if (!existsSync(from) || existsSync(to)) return
  const draft = `${to}.part`
  await rm(draft, { recursive: true, force: true })
  await cp(from, draft, { recursive: true, preserveTimestamps: true })
  await rename(draft, to)
}

/** What was played is known on; it is looked for from the beginning of the log, since its places are other ones now. */
async function carryRuns (from: string, to: string): Promise<void> {
  if (!existsSync(from) || existsSync(to)) return
  const draft = `${to}.part`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  for (const name of await readdir(from)) {
    if (!name.endsWith('.json')) continue
    const record = JSON.parse(await readFile(join(from, name), 'utf8')) as { readonly from: Readonly<Record<string, string>> }
    await writeFile(join(draft, name), JSON.stringify({ ...record, from: beginningsOf(Object.keys(record.from)) }, null, 2))
  }
  await rename(draft, to)
}

/** The beginnings of all partitions that the topics of these, as `partitionKey` names them, have now. */
function beginningsOf (places: readonly string[]): Readonly<Record<string, string>> {
  const names = [...new Set(places.map(place => place.slice(0, place.lastIndexOf('-'))))]
  return Object.fromEntries(names.flatMap(name => {
    const { partitions = 0 } = findTopic(name) ?? {}
    return Array.from({ length: partitions }, (_, partition) => [partitionKey(name, partition), '0'])
  }))
}
