import { type ProcessorDef } from './processor.ts'
import { type SinkDef } from './sink/port.ts'

/** A node of the topology: a processor or a sink. Its name is the sub-topology's name, in task ids and transactional ids. */
export type SubTopology = ProcessorDef | SinkDef

/** What runs: an application id (prefix of transactional ids, changelogs, hash slots, group) and its nodes. */
export interface Topology {
  readonly applicationId: string
  /** Named in the membership metadata: the leader assigns only tasks that a member knows. */
  readonly version: string
  readonly nodes: readonly SubTopology[]
}
