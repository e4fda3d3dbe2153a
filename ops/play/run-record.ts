import { mkdir, open, readFile, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { type Kafka, type TopicDef } from '#streams'

/** When and where in the log a run began: kept, so that a later process of the same run counts from the same place. */
export interface RunRecord {
  readonly runId: string
  readonly kind: RunKind
  /** What is played, as text for people. */
  readonly source: string
  readonly startedAtMs: number
  /** When everything had been sent and had come to its end, epoch ms; null = not yet. */
  readonly playedAtMs: number | null
  /** First offset that belongs to the run, by `partitionKey`. */
  readonly from: ReadonlyMap<string, bigint>
}

export type RunKind = 'generator' | 'import'

export interface OpenRunOptions extends Pick<RunRecord, 'runId' | 'kind' | 'source'> {
  /** Folder of the record; null keeps none, for a log that does not outlive the process. */
  readonly dataDir: string | null
  readonly kafka: Kafka
  readonly topics: readonly TopicDef[]
  readonly nowMs: number
}

/**
 * Reads the record of the run, or begins it at the end that the topics have now. A record of another log (the data was deleted, or
 * lies with another provider) is begun anew; one that cannot be read as well, at the start of the topics, so that everything that was
 * sent is still found.
 */
export async function openRun (options: OpenRunOptions): Promise<RunRecord> {
  const { dataDir, runId, kind, source, kafka, topics, nowMs } = options
  const known = dataDir === null ? undefined : await readRecord(recordFile(dataDir, runId))
  const partitions = topics.flatMap(topic => Array.from({ length: topic.partitions }, (_, partition) => ({ topic: topic.name, partition })))
  const ends = await kafka.endOffsets(partitions)
  if (known !== undefined && known !== 'unreadable' && isOfLog(known, ends)) return known
  const from = known === 'unreadable' ? await kafka.startOffsets(partitions) : ends
  const record = { runId, kind, source, startedAtMs: nowMs, playedAtMs: null, from }
  if (dataDir !== null) await writeRecord(dataDir, record)
  return record
}

/** Keeps that the run has been played: a later process only verifies it. */
export async function closeRun (dataDir: string | null, record: RunRecord, nowMs: number): Promise<void> {
  if (dataDir !== null) await writeRecord(dataDir, { ...record, playedAtMs: nowMs })
}

/** Every run that was begun in the data folder. A record that cannot be read is passed over: nothing was sent before it was written. */
export async function listRuns (dataDir: string): Promise<readonly RunRecord[]> {
  const names = await readdir(join(dataDir, 'runs')).catch(unlessMissing([]))
  const records = await Promise.all(names.filter(name => name.endsWith('.json')).map(async name => await readRecord(join(dataDir, 'runs', name))))
  return records.filter(record => record !== undefined && record !== 'unreadable')
}

/** Whether the log can be the one in which the run was begun: it is not shorter, and what was played is in it. */
function isOfLog ({ from, playedAtMs }: RunRecord, ends: ReadonlyMap<string, bigint>): boolean {
  const lengths = [...ends].map(([key, end]) => end - (from.get(key) ?? 0n))
  return lengths.every(length => length >= 0n) && (playedAtMs === null || lengths.some(length => length > 0n))
}

function recordFile (dataDir: string, runId: string): string {
  return join(dataDir, 'runs', `${runId}.json`)
}

/** Whole or not at all, whenever the process or the machine ends. */
async function writeRecord (dataDir: string, record: RunRecord): Promise<void> {
  const file = recordFile(dataDir, record.runId)
  await mkdir(join(dataDir, 'runs'), { recursive: true })
  const text = JSON.stringify({ ...record, from: Object.fromEntries([...record.from].map(([key, offset]) => [key, String(offset)])) }, null, 2)
  await using handle = await open(`${file}.new`, 'w')
  await handle.writeFile(text)
  await handle.sync()
  await rename(`${file}.new`, file)
}

async function readRecord (file: string): Promise<RunRecord | 'unreadable' | undefined> {
  const text = await readFile(file, 'utf8').catch(unlessMissing(undefined))
  return text === undefined ? undefined : parseRecord(text)
}

function parseRecord (text: string): RunRecord | 'unreadable' {
  try {
    const { from, kind = 'generator', playedAtMs = null, ...rest } = JSON.parse(text) as Written
    if (typeof rest.runId !== 'string' || typeof rest.startedAtMs !== 'number') return 'unreadable'
    return { ...rest, kind, playedAtMs, from: new Map(Object.entries(from).map(([key, offset]) => [key, BigInt(offset)])) }
  } catch {
    return 'unreadable'
  }
}

/** As it lies in the file; records of the first version have neither kind nor time of the end. */
type Written = Omit<RunRecord, 'from' | 'kind' | 'playedAtMs'> & Partial<Pick<RunRecord, 'kind' | 'playedAtMs'>> & { readonly from: Readonly<Record<string, string>> }

/** Answers with a value when a file is not there; other failures stay failures. */
function unlessMissing<T> (value: T): (error: unknown) => T {
  return error => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return value
    throw error
  }
}
