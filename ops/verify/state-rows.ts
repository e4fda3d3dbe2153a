import { type StateBackend, type StoreDef, taskKey } from '#streams'
import { applicationId } from '../../topology/codec.ts'

/**
 * Every row of one store over all partitions of its processor, read from the state backend with the meta of each task.
 *
 * @throws {Error} when the state of a task is missing, being restored, or in the middle of a large apply: figures of a torn state
 * would prove nothing.
 */
export async function stateRows<V> (
  backend: StateBackend, processor: string, partitions: number, store: StoreDef<V>, wanted: (key: string) => boolean = () => true
): Promise<Map<string, V>> {
  const values = new Map<string, V>()
  for (let partition = 0; partition < partitions; partition++) {
    const { rows, meta } = await backend.open(taskKey(applicationId, processor, partition)).rows(store.name)
    if (meta === null || meta.restoring || meta.applying) throw new Error(`the state of ${processor}-${partition} cannot be read: ${meta === null ? 'missing' : 'being restored'}`)
    for (const [key, bytes] of rows) {
      if (!wanted(key)) continue
      await store.value.prepare?.(bytes)
      values.set(key, store.value.decode(bytes))
    }
  }
  return values
}
