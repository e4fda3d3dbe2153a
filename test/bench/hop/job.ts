import { changelogTopic, defineProcessor, defineStore, defineTopic, defineTopology, type Serde, type StoreDef, type Topology, type TopicDef } from '#streams'

/** What a contender is given: where everything is, and what to do. */
export interface HopJob {
  readonly brokers: readonly string[]
  readonly redisUrl: string
  /** Folder for state on disk: of this job alone, removed after it. */
  readonly stateDir: string
  /** Application id: names its changelog, its transactional ids and its keys in Redis. */
  readonly application: string
  readonly input: string
  readonly output: string
  readonly partitions: number
  /** Records that wait in the input; 0 = they come one by one, without end. */
  readonly records: number
  /** Bytes of rows that the runtime may keep in memory; undefined = its default. */
  readonly cacheBytes: number | undefined
}

export const VALUE_BYTES = 300
const SENT_AT = 0
const COUNT_AT = 8

/** A value as the generator makes it: when it was sent (ms of the generator's own clock), a place for the count, filler. */
export function createValue (filler: Buffer, sentMs: number): Buffer {
  const value = Buffer.from(filler)
  value.writeDoubleBE(sentMs, SENT_AT)
  return value
}

export function sentMsOf (value: Buffer): number {
  return value.readDoubleBE(SENT_AT)
}

export function countOf (value: Buffer): number {
  return value.readUInt32BE(COUNT_AT)
}

/**
 * What every contender does with a record: the key's next state, which is also its output. It counts the key's records, so that a
 * lost, repeated or reordered one shows.
 */
export function evolve (before: Buffer | null | undefined, value: Buffer): Buffer {
  const next = Buffer.from(value)
  next.writeUInt32BE((before == null ? 0 : countOf(before)) + 1, COUNT_AT)
  return next
}

/** The key of the n-th record: all keys in turn, so that a key comes back as late as can be. */
export function keyOf (index: number, keys: number): string {
  return `customer-${String(index % keys).padStart(7, '0')}`
}

export interface Moved { readonly type: 'Moved', readonly bytes: Buffer }

/** Bytes as they are, not copied: the handler is done with them when it returns. */
const viewSerde: Serde<Buffer> = { encode: bytes => bytes, decode: bytes => bytes }
const movedSerde: Serde<Moved> = { encode: ({ bytes }) => bytes, decode: bytes => ({ type: 'Moved', bytes }) }

export const NODE = 'hop'

export interface HopTopology {
  readonly topology: Topology
  readonly input: TopicDef<Moved>
  readonly output: TopicDef<Moved>
  readonly state: StoreDef<Buffer>
}

/** The hop for the runtime: get and put of the key's state, one output. */
export function hopTopology ({ application, input: from, output: to, partitions }: Pick<HopJob, 'application' | 'input' | 'output' | 'partitions'>): HopTopology {
  const topic = (name: string): TopicDef<Moved> => defineTopic<Moved>({ name, partitions, cleanup: { policy: 'keep' }, value: movedSerde, keyName: 'customerId' })
  const [input, output] = [topic(from), topic(to)]
  const state = defineStore('state', viewSerde)
  const node = defineProcessor<Moved>({
    name: NODE,
    inputs: [input],
    outputs: [output],
    stores: [state],
    reads: (_value, key) => [[state, key]],
    handlers: {
      Moved: (context, { bytes }, { key }) => {
        const rows = context.store(state)
        const next = evolve(rows.get(key), bytes)
        rows.put(key, next)
        context.emit(output, { key, value: { type: 'Moved', bytes: next } })
      }
    }
  })
  return { topology: defineTopology({ applicationId: application, version: '1', nodes: [node] }), input, output, state }
}

/** The changelog of the hop: the same topic for every contender. */
export function changelogOf ({ application }: Pick<HopJob, 'application'>): string {
  return changelogTopic(application, NODE)
}

export function deadLettersOf ({ application }: Pick<HopJob, 'application'>): string {
  return `${application}-dlq`
}
