import { type TopicDef, changelogTopic, partitionKey, partitionsOf, systemClock } from '#streams'
import { toldViolations } from '../../../ops/platform/watch-invariants.ts'
import { countUnprocessed, untilQuiet } from '../../../ops/verify/quiescence.ts'
import { analyticsTopics } from '../../../ops/platform/topology.ts'
import { RecordCounter, partitionsOfTopics } from '../../../ops/verify/topic-count.ts'
import { rowsByTopic } from '../../../ops/verify/topic-rows.ts'
import { describeViolation } from '../../../topology/audit/law.ts'
import { allTopics, deadLetterTopics } from '../../../topology/index.ts'
import { type Stage } from '../stage/stage.ts'
import { type Evidence } from './evidence.ts'
import { readEnds, readLog } from './read-log.ts'
import { readAnalytics, readJournal, readLetters, readRollups, readStocks } from './read-outside.ts'
import { readTasks } from './read-tasks.ts'

/** What only those know who did it. */
export type Done = Pick<Evidence, 'bad' | 'operations' | 'probes' | 'faults'>

/** Waits until nothing is under way any more, or nothing moves. Resolves with what is left. */
export async function settle ({ outside: { kafka, state, clickhouse, topology } }: Stage, stallMs = 40_000): Promise<string> {
  const { signal } = new AbortController()
  const starts = startsOf(analyticsTopics)
  const counter = new RecordCounter(kafka, analyticsTopics, starts)
  const seen = await untilQuiet({
    clock: systemClock,
    signal,
    stallMs,
    look: async () => {
      const unprocessed = await countUnprocessed(kafka, state, topology).catch(() => -1)
      return { unprocessed, lacking: unprocessed === 0 ? await lackingRows(counter, clickhouse, starts).catch(() => -1) : -1 }
    },
    isDone: ({ unprocessed, lacking }) => unprocessed === 0 && lacking === 0
  })
  return seen.unprocessed === 0 && seen.lacking === 0 ? '' : `${seen.unprocessed} records are not processed, ${seen.lacking} rows are missing`
}

/** Everything that can be seen of a platform that has come to rest. */
export async function collect (stage: Stage, done: Done): Promise<Evidence> {
  const { outside: { kafka, state, clickhouse, topology } } = stage
  const log = await readLog(kafka, allTopics)
  const changelogs = topology.nodes.map(node => ({ name: changelogTopic(topology.applicationId, node.name), partitions: partitionsOf(node) }))
  return {
    records: log.records,
    partitions: await readEnds(kafka, [...allTopics, ...deadLetterTopics, ...changelogs]),
    tasks: await readTasks(kafka, state, topology),
    letters: await readLetters(kafka),
    payments: readJournal(stage.journal),
    stocks: await readStocks(state),
    analytics: await readAnalytics(clickhouse, analyticsTopics.map(({ name }) => name), log.sums),
    rollups: await readRollups(clickhouse),
    audits: (await toldViolations(clickhouse, startsOf(allTopics))).map(describeViolation),
    ...done
  }
}

/** By how many rows analytics differ from the log. */
async function lackingRows (counter: RecordCounter, clickhouse: Stage['outside']['clickhouse'], starts: ReadonlyMap<string, bigint>): Promise<number> {
  const records = [...(await counter.count()).values()].reduce((sum, count) => sum + count, 0)
  const rows = [...(await rowsByTopic(clickhouse, starts)).values()].reduce((sum, { rows }) => sum + Number(rows), 0)
  return Math.abs(records - rows)
}

/** The start of every partition of some topics. */
function startsOf (topics: readonly TopicDef[]): ReadonlyMap<string, bigint> {
  return new Map(partitionsOfTopics(topics).map(({ topic, partition }) => [partitionKey(topic, partition), 0n]))
}
