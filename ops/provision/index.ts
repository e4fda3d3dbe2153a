import { type Kafka } from '../../streams/kafka/port.ts'
import { type SchemaRegistry } from '../../streams/serde/registry.ts'
import { type Topology } from '../../streams/topology.ts'
import { allTopics, deadLetterTopics } from '../../topology/topics.ts'
import { ChangeLog, type Report } from './report.ts'
import { provisionSchemas } from './schemas.ts'
import { provisionTopics, wantedChangelogs, wantedRuntimeTopic, wantedTopic } from './topics.ts'

export interface ProvisionOptions {
  readonly kafka: Kafka
  readonly registry: SchemaRegistry
  readonly topology: Topology
  /** Takes one line a change: `+` new, `~` changed, `=` a part that needed nothing. */
  readonly report: Report
  /**
   * Writes the first progress of the tasks, only into changelogs that were created just now, and adds new inputs to the progress of
   * old ones. Returns what it did, a line each.
   */
  readonly initialiseTasks: (created: ReadonlySet<string>) => Promise<readonly string[]>
  /** Brings the analytics tables up to date. Returns the migrations it ran, a line each. Absent = no analytics. */
  readonly migrate?: () => Promise<readonly string[]>
}

/**
 * Makes broker, registry and analytics what the topology needs, and changes nothing that is already so: the second run reports only
 * `=` lines. Returns the number of changes.
 *
 * @throws {StreamsError} STR_TOPIC_CHANGED for a topic with another partition count, STR_SCHEMA_INCOMPATIBLE for a schema that the
 * registered versions forbid. What was done before stays; running again goes on.
 */
export async function provision (options: ProvisionOptions): Promise<number> {
  const { kafka, registry, topology, report } = options
  const changes = new ChangeLog(report)
  await provisionSchemas(registry, topology, changes)
  const wanted = [...allTopics.map(wantedTopic), ...deadLetterTopics.map(wantedRuntimeTopic), ...wantedChangelogs(topology)]
  const created = await provisionTopics(kafka, wanted, changes)
  addAll(changes, 'task progress', '+', await options.initialiseTasks(created))
  if (options.migrate !== undefined) addAll(changes, 'analytics tables', '~', await options.migrate())
  return changes.count
}

function addAll (changes: ChangeLog, part: string, sign: '+' | '~', lines: readonly string[]): void {
  for (const line of lines) changes.add(sign, line)
  if (lines.length === 0) changes.unchanged(part)
}
