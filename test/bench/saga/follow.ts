import { type FetchedRecord, type Kafka } from '#streams'

/**
 * Reads a topic as a read-committed reader of its own sees it, from the start of the log on. `onRecord` takes each
 * record, `onLooked` tells that there is no more for now. The returned function ends it.
 */
export function follow (
  kafka: Kafka, topic: { readonly name: string, readonly partitions: number }, onRecord: (record: FetchedRecord) => void, onLooked: () => void
): () => void {
  const look = (): void => {
    for (const reader of readers) for (const record of reader.take(10_000)) onRecord(record)
    onLooked()
  }
  const readers = Array.from({ length: topic.partitions }, (_, partition) => kafka.openReader({ topic: topic.name, partition, offset: 0n, onReadable: look }))
  return () => { for (const reader of readers) reader.close() }
}
