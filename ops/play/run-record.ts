import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Kafka, type TopicDef } from '#streams'

/** When and where in the log a run began: kept, so that a later process of the same run counts from the same place. */
export interface RunRecord {
  readonly runId: string
  readonly source: string
  readonly startedAtMs: number
  /** First offset that belongs to the run, by `partitionKey`. */
  readonly from: ReadonlyMap<string, bigint>
}

export interface OpenRunOptions {
  /** Folder of the record; null keeps none, for a log that does not outlive the process. */
  readonly dataDir: string | null
  readonly runId: string
  readonly source: string
  readonly kafka: Kafka
  readonly topics: readonly TopicDef[]
  readonly nowMs: number
}

/** Reads the record of the run, or begins it at the end that the topics have now. */
export async function openRun (options: OpenRunOptions): Promise<RunRecord> {
  const { dataDir, runId, source, kafka, topics, nowMs } = options
  const file = dataDir === null ? undefined : join(dataDir, 'runs', `${runId}.json`)
  const known = file === undefined ? undefined : await readRecord(file)
  if (known !== undefined) return known
  const from = await kafka.endOffsets(topics.flatMap(topic => Array.from({ length: topic.partitions }, (_, partition) => ({ topic: topic.name, partition }))))
  const record = { runId, source, startedAtMs: nowMs, from }
  if (file !== undefined && dataDir !== null) {
    await mkdir(join(dataDir, 'runs'), { recursive: true })
    await writeFile(`${file}.new`, JSON.stringify({ ...record, from: Object.fromEntries([...from].map(([key, offset]) => [key, String(offset)])) }, null, 2))
    await rename(`${file}.new`, file)
  }
  return record
}

async function readRecord (file: string): Promise<RunRecord | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const { from, ...rest } = JSON.parse(text) as Omit<RunRecord, 'from'> & { readonly from: Readonly<Record<string, string>> }
  return { ...rest, from: new Map(Object.entries(from).map(([key, offset]) => [key, BigInt(offset)])) }
}
