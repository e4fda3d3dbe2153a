import { type Kafka } from '#streams'
import { silentLogger } from '../../streams/diagnostics.ts'
import { type RuntimeOptions, compileOptions } from '../../streams/options.ts'
import { NO_HEADERS, type OutgoingRecord } from '../../streams/record.ts'
import { type TaskRunner } from '../../streams/runtime/runner.ts'
import { encodePlan } from '../../streams/sink/plan-codec.ts'
import { firstPlan } from '../../streams/sink/plan.ts'
import { type SinkDef } from '../../streams/sink/port.ts'
import { createSinkTask } from '../../streams/sink/task.ts'
import { PROGRESS_KEY, changelogTopic } from '../../streams/state/changelog.ts'
import { systemClock } from '../../streams/time/system-clock.ts'

/** A sink without an application around it. */
export interface LoneSink {
  readonly kafka: Kafka
  readonly applicationId: string
  readonly node: SinkDef
}

/** What provisioning does for a new sink: a first plan for each of its tasks, from offset 0 on. Topics and changelog must be there. */
export async function planFromTheStart ({ kafka, applicationId, node }: LoneSink): Promise<void> {
  const topic = changelogTopic(applicationId, node.name)
  const value = encodePlan(firstPlan(new Map(node.topics.map(({ name }) => [name, 0n]))))
  await kafka.producer().send(partitionsOf(node).map((partition): OutgoingRecord => ({ topic, partition, key: PROGRESS_KEY, value, headers: NO_HEADERS })))
}

/** Its tasks, one a partition, on the real clock; they own their partitions without a group. Nothing runs yet. */
export function sinkTasks ({ kafka, applicationId, node }: LoneSink, options: Partial<RuntimeOptions> = {}): readonly TaskRunner[] {
  return partitionsOf(node).map(partition => createSinkTask({
    topology: { applicationId, version: '1', nodes: [node] },
    node,
    partition,
    kafka,
    state: undefined as never,
    clock: systemClock,
    logger: silentLogger,
    options: compileOptions(options),
    globals: undefined as never,
    instance: 'alone',
    confirm: async () => {},
    onState: () => {}
  }))
}

function partitionsOf ({ topics: [first] }: SinkDef): readonly number[] {
  return Array.from({ length: first?.partitions ?? 0 }, (_, partition) => partition)
}
