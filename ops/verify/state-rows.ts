import { type StateBackend, type StoreDef, taskKey } from '#streams'
import { applicationId } from '../../topology/codec.ts'

/** The rows of a store as they are stored: encoded, by key. */
export type EncodedRows = ReadonlyArray<readonly [key: string, bytes: Buffer]>

/** Where a store is, and whose it is. */
export interface StoreOf<V> { readonly processor: string, readonly partition: number, readonly store: StoreDef<V> }

/**
 * The rows of one store of one task, read from the state backend with the meta of the task; each can be decoded at once.
 *
 * @throws {Error} when the state of the task is missing, being restored, or in the middle of a large apply: figures of a torn state
 * would prove nothing.
 */
export async function encodedRows<V> (
  backend: StateBackend, { processor, partition, store }: StoreOf<V>, wanted: (key: string) => boolean = () => true
): Promise<EncodedRows> {
  const { rows, meta } = await backend.open(taskKey(applicationId, processor, partition)).rows(store.name)
  if (meta === null || meta.restoring || meta.applying) throw new Error(`the state of ${processor}-${partition} cannot be read: ${meta === null ? 'missing' : 'being restored'}`)
  const found = rows.filter(([key]) => wanted(key))
  for (const [, bytes] of found) await store.value.prepare?.(bytes)
  return found
}

/** Every row of one store over all partitions of its processor. @throws as `encodedRows` */
export async function stateRows<V> (
  backend: StateBackend, processor: string, partitions: number, store: StoreDef<V>, wanted?: (key: string) => boolean
): Promise<Map<string, V>> {
  const values = new Map<string, V>()
  for (let partition = 0; partition < partitions; partition++) {
    for (const [key, bytes] of await encodedRows(backend, { processor, partition, store }, wanted)) values.set(key, store.value.decode(bytes))
  }
  return values
}
