import { type Test } from 'tap'
import { Redis } from 'ioredis'
import { type OwnService, ownRedis } from './stack.ts'
import { until } from './until.ts'

/** One node of a cluster that belongs to a test. */
export interface ClusterNode {
  readonly service: OwnService
  readonly port: number
  readonly id: string
  readonly admin: Redis
}

/** A Redis Cluster of real processes: three primaries, each with a third of the slots, and a replica of the first one. */
export interface TestCluster {
  /** URLs of the nodes, as the backend takes them. */
  readonly url: string
  readonly primaries: readonly ClusterNode[]
  readonly replica: ClusterNode
  /** The primary that has this slot now. */
  ownerOf (slot: number): Promise<ClusterNode>
  /** Begins to move a slot; the keys follow with `moveKeys`, and `end` gives it to the other node. */
  beginMove (slot: number, to: ClusterNode): Promise<Move>
}

export interface Move {
  /** Moves up to so many keys; answers how many it moved. */
  moveKeys (count: number): Promise<number>
  end (): Promise<void>
}

const SLOTS = 16_384
const NODE_TIMEOUT_MS = 1_000

/** Starts a cluster for this test; undefined, with the test skipped, where Redis cannot run. */
export async function ownRedisCluster (t: Test): Promise<TestCluster | undefined> {
  const nodes: ClusterNode[] = []
  for (let n = 0; n < 4; n++) {
    const service = await ownRedis(t, ['--cluster-enabled', 'yes', '--cluster-node-timeout', String(NODE_TIMEOUT_MS), '--cluster-require-full-coverage', 'no'])
    if (service === undefined) return undefined
    const admin = new Redis(service.endpoint, { retryStrategy: () => 50 })
    admin.on('error', () => {})
    t.teardown(() => { admin.disconnect() })
    nodes.push({ service, port: service.port, admin, id: String(await admin.call('CLUSTER', 'MYID')) })
  }
  const [first, ...others] = nodes as [ClusterNode, ...ClusterNode[]]
  const primaries = nodes.slice(0, 3)
  for (const [n, { admin }] of nodes.entries()) {
    await admin.call('CLUSTER', 'SET-CONFIG-EPOCH', String(n + 1))
    if (n === 3) continue
    const [from, to] = [Math.floor(n * SLOTS / 3), Math.floor((n + 1) * SLOTS / 3)]
    await admin.call('CLUSTER', 'ADDSLOTS', ...Array.from({ length: to - from }, (_, i) => String(from + i)))
  }
  for (const { port } of others) await first.admin.call('CLUSTER', 'MEET', '127.0.0.1', String(port))
  await until(async () => (await Promise.all(nodes.map(async ({ admin }) => await info(admin)))).every(text => /cluster_state:ok/.test(text) && /cluster_known_nodes:4/.test(text)))
  const replica = nodes[3] as ClusterNode
  await replica.admin.call('CLUSTER', 'REPLICATE', first.id)
  await until(async () => /master_link_status:up/.test(await replica.admin.info('replication')))

  const ownerOf = async (slot: number): Promise<ClusterNode> => {
    const slots = await (primaries[1] as ClusterNode).admin.call('CLUSTER', 'SLOTS') as ReadonlyArray<readonly [number, number, readonly [string, number]]>
    const port = slots.find(([from, to]) => slot >= from && slot <= to)?.[2][1]
    const owner = nodes.find(node => node.port === port)
    if (owner === undefined) throw new Error(`slot ${slot} has no owner`)
    return owner
  }
  return {
    url: nodes.map(({ service }) => service.endpoint).join(','),
    primaries,
    replica,
    ownerOf,
    beginMove: async (slot, to) => {
      const from = await ownerOf(slot)
      await to.admin.call('CLUSTER', 'SETSLOT', String(slot), 'IMPORTING', from.id)
      await from.admin.call('CLUSTER', 'SETSLOT', String(slot), 'MIGRATING', to.id)
      return {
        moveKeys: async count => {
          const keys = await from.admin.call('CLUSTER', 'GETKEYSINSLOT', String(slot), String(count)) as string[]
          if (keys.length > 0) await from.admin.call('MIGRATE', '127.0.0.1', String(to.port), '', '0', '5000', 'KEYS', ...keys)
          return keys.length
        },
        end: async () => {
          for (const { admin } of [to, from, ...primaries.filter(node => node !== to && node !== from)]) {
            await admin.call('CLUSTER', 'SETSLOT', String(slot), 'NODE', to.id).catch(() => {})
          }
        }
      }
    }
  }
}

async function info (admin: Redis): Promise<string> {
  return String(await admin.call('CLUSTER', 'INFO'))
}
