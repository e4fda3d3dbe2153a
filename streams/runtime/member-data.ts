import { isDeepStrictEqual } from 'node:util'
import { StreamsError } from '../errors.ts'
import { taskId } from '../state/changelog.ts'

/** What a member tells the leader. */
export interface MemberData {
  /** Version of its topology, for people. */
  readonly version: string
  /** Name of the process. */
  readonly instance: string
  /** Partition count of each node it can run. */
  readonly nodes: Readonly<Record<string, number>>
  /** Tasks it was assigned last. */
  readonly owned: readonly string[]
  /** Generation of that assignment: of two members that claim a task, the one that was told later has it. @default −1 */
  readonly generation?: number
  /** How often it asked for a new round: makes the data differ, without which the coordinator would not start one. @default 0 */
  readonly asked?: number
}

export interface TaskRef { readonly node: string, readonly partition: number }

/** What a member is told: its tasks, and who has which. */
export interface Assignment {
  readonly tasks: readonly TaskRef[]
  /** Instance by task id, for queries and people. */
  readonly owners: Readonly<Record<string, string>>
  /** The `nodes` of the member that the leader decided on: a static member that restarts gets the assignment of the one before it. */
  readonly nodes?: Readonly<Record<string, number>>
}

/** What one process tells the leader: what it can run, and what it was told to run last. */
export class MemberCard {
  readonly #given: Pick<MemberData, 'version' | 'instance' | 'nodes'>
  #owned: readonly string[] = []
  #generation = -1
  #asked = 0

  constructor (given: Pick<MemberData, 'version' | 'instance' | 'nodes'>) {
    this.#given = given
  }

  data (): Buffer {
    return encodeMemberData({ ...this.#given, owned: this.#owned, generation: this.#generation, asked: this.#asked })
  }

  /** Notes an assignment. False when it was decided for other nodes than these: ask for a new round, the data differs then. */
  take ({ tasks, nodes }: Assignment, generation: number): boolean {
    this.#owned = tasks.map(({ node, partition }) => taskId(node, partition))
    this.#generation = generation
    if (nodes === undefined || isDeepStrictEqual(nodes, this.#given.nodes)) return true
    this.#asked++
    return false
  }
}

export function encodeMemberData (data: MemberData): Buffer {
  return Buffer.from(JSON.stringify(data))
}

/** @throws {StreamsError} STR_TOPOLOGY_INVALID when another program wrote it */
export function decodeMemberData (bytes: Buffer): MemberData {
  return read(bytes, 'member', isMemberData)
}

export function encodeAssignment (assignment: Assignment): Buffer {
  return Buffer.from(JSON.stringify(assignment))
}

/** An empty buffer is an empty assignment: the group has one before its first leader has spoken. */
export function decodeAssignment (bytes: Buffer): Assignment {
  if (bytes.length === 0) return { tasks: [], owners: {} }
  return read(bytes, 'assignment', isAssignment)
}

/** Far more than a topic has, and no more than an array should. */
const MOST_PARTITIONS = 100_000

function isCount (value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MOST_PARTITIONS
}

function isMemberData (value: Partial<MemberData> | null): value is MemberData {
  return typeof value?.instance === 'string' && typeof value.nodes === 'object' && value.nodes !== null && Object.values(value.nodes).every(isCount) &&
    Array.isArray(value.owned) && value.owned.every(id => typeof id === 'string')
}

function isAssignment (value: Partial<Assignment> | null): value is Assignment {
  return typeof value?.owners === 'object' && value.owners !== null && Array.isArray(value.tasks) &&
    value.tasks.every(({ node, partition }: Partial<TaskRef>) => typeof node === 'string' && isCount(partition))
}

function read<T> (bytes: Buffer, what: string, isRight: (value: Partial<T> | null) => value is T): T {
  try {
    const value = JSON.parse(bytes.toString()) as Partial<T> | null
    if (!isRight(value)) throw new Error('fields are missing, or of another type')
    return value
  } catch (error) {
    throw new StreamsError('STR_TOPOLOGY_INVALID', { reason: `the ${what} data of the group cannot be read: another program uses its id` }, error)
  }
}
