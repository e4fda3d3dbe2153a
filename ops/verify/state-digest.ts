import { hash } from 'node:crypto'
import { type StateBackend, type StoreDef, type Topology, partitionsOf, taskKey } from '#streams'
import { leftOut, leftOutStores, normalForms } from './digest-rules.ts'

/** Rows and the digest over them: 64 hex digits. */
export interface StoreDigest { readonly rows: number, readonly digest: string }

export interface StateDigest extends StoreDigest {
  /** The same of every store, by `processor/store`. */
  readonly byStore: Readonly<Record<string, StoreDigest>>
}

/** Digests add up below this. */
const MODULUS = 1n << 256n

/**
 * One digest over the business state of a platform: every row of every store of every processor, decoded. Two platforms that were
 * given the same input have the same digest, however their processes shared the work, died and began again; any other amount,
 * state or quantity anywhere gives another one.
 *
 * Each row is hashed with its store and key (SHA-256) and the hashes are added up: the order of rows does not matter, a row twice
 * is not none. What legitimately differs between two such platforms is left out: see digest-rules.ts. Timers and open effects are
 * left out altogether: they are work to come, not state, and at rest there is none that a row does not tell.
 *
 * Call it at a quiet moment: every input consumed, no order under way.
 *
 * @throws {Error} when the state of a task is missing, being restored, or in the middle of a large apply.
 */
export async function stateDigest (backend: StateBackend, topology: Topology): Promise<StateDigest> {
  const byStore: Record<string, StoreDigest> = {}
  let total = 0n
  let rows = 0
  for (const node of topology.nodes) {
    if (node.kind !== 'processor') continue
    for (const store of node.stores) {
      const name = `${node.name}/${store.name}`
      if (Object.hasOwn(leftOutStores, name)) continue
      let sum = 0n
      let count = 0
      for (let partition = 0; partition < partitionsOf(node); partition++) {
        for await (const digest of rowDigests(backend, taskKey(topology.applicationId, node.name, partition), store, name)) {
          sum += digest
          count++
        }
      }
      byStore[name] = { rows: count, digest: textOf(sum) }
      total += sum
      rows += count
    }
  }
  return { rows, digest: textOf(total), byStore }
}

async function * rowDigests (backend: StateBackend, task: string, store: StoreDef, name: string): AsyncGenerator<bigint> {
  const { rows, meta } = await backend.open(task).rows(store.name)
  if (meta === null || meta.restoring || meta.applying) throw new Error(`the state of ${task} cannot be read: ${meta === null ? 'missing' : 'being restored'}`)
  for (const [key, bytes] of rows) {
    await store.value.prepare?.(bytes)
    yield rowDigest(name, key, store.value.decode(bytes))
  }
}

/** The digest of one row of a store, as a number below 2^256. */
export function rowDigest (store: string, key: string, value: unknown): bigint {
  return BigInt(`0x${hash('sha256', `${JSON.stringify([store, key])}${canonical(value)}`, 'hex')}`)
}

/** The value as text: fields in the order of their schema, amounts as whole numbers, without what is left out. */
function canonical (value: unknown): string {
  const type = (value as { readonly type?: unknown } | null)?.type
  const normal = typeof type === 'string' && Object.hasOwn(normalForms, type) ? normalForms[type]?.(value as never) : value
  return JSON.stringify(normal, (name, field: unknown) => Object.hasOwn(leftOut, name) ? undefined : typeof field === 'bigint' ? `${field}n` : field)
}

function textOf (sum: bigint): string {
  return (sum % MODULUS).toString(16).padStart(64, '0')
}
