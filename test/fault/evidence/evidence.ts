/**
 * What was seen of a platform from the outside, at a quiet moment: everything the detectors judge by. Plain JSON, so that a history in a
 * file can be judged again. Amounts are decimal text of whole 1/10,000 units; offsets are numbers; times are epoch ms.
 */
export interface Evidence {
  /** Every committed record of the catalogue's topics, by topic and partition in the order of the log. */
  readonly records: readonly LogRecord[]
  readonly partitions: readonly PartitionEnds[]
  readonly tasks: readonly TaskFacts[]
  readonly letters: readonly Letter[]
  /** Records that were written on purpose and that no processor can take: each must be a dead letter, and nothing else may be one. */
  readonly bad: readonly Place[]
  /** What the payment provider did, as its own journal has it. */
  readonly payments: readonly ProviderEntry[]
  /** The stock as its owner has it. */
  readonly stocks: readonly StockFacts[]
  readonly analytics: readonly TopicRows[]
  /** Rows and amounts by event type, once out of the projection and once out of the rows. */
  readonly rollups: readonly Rollup[]
  readonly operations: readonly Operation[]
  readonly probes: readonly Probe[]
  readonly faults: readonly Fault[]
  /** Faults that the conservation audits told while the platform ran, in words. */
  readonly audits: readonly string[]
}

export interface Place { readonly topic: string, readonly partition: number, readonly offset: number }

/** One record, as far as detectors look at it. */
export interface LogRecord extends Place {
  readonly key: string
  readonly atMs: number
  /** Record name; empty = not decodable. */
  readonly type: string
  /** Event id, or command id; empty = none. */
  readonly id: string
  /** Version of the aggregate; 0 = none. */
  readonly version: number
  readonly facts: Facts
}

/** The plain fields of a record's value: text, numbers, and amounts as text. */
export type Facts = Readonly<Record<string, string | number | boolean>>

/** The two ends of a partition: where read-committed readers get to, and where the log ends. */
export interface PartitionEnds { readonly topic: string, readonly partition: number, readonly stable: number, readonly end: number }

/** Rows of one store of a task: how many, and a digest over all keys and values. */
export interface StoreFacts { readonly rows: number, readonly digest: string }

/** A task as its changelog tells it, and as its state has it. */
export interface TaskFacts {
  /** `orders-3` */
  readonly task: string
  readonly processor: string
  readonly partition: number
  /** Next offset of each input, by the newest committed progress. */
  readonly inputs: Readonly<Record<string, number>>
  /** Sequences of the progress records, in the order of the log, where one did not grow. */
  readonly setbacks: readonly string[]
  readonly log: Readonly<Record<string, StoreFacts>>
  readonly state: Readonly<Record<string, StoreFacts>>
  /** Sequence of the newest progress: in the log, in the state. */
  readonly sequence: { readonly log: string, readonly state: string }
  /** Timers and effects that were ever rows, in the words of derived ids. */
  readonly origins: readonly Origin[]
}

export type Origin =
  | { readonly kind: 'timer', readonly key: string, readonly dueMs: number, readonly version: string }
  | { readonly kind: 'effect', readonly effect: string, readonly key: string, readonly idempotencyKey: string }

export interface Letter extends Place {
  readonly processor: string
  readonly reason: string
  readonly kind: string
  /** Ordering key that waits for it; empty = none. */
  readonly parked: string
  readonly attempts: number
}

export interface ProviderEntry {
  readonly step: 'authorise' | 'capture' | 'void' | 'refund'
  /** Idempotency key. */
  readonly key: string
  /** Key of the authorisation it is about. */
  readonly authorisation: string
  readonly orderId: string
  readonly currency: string
  readonly amount: string
  readonly outcome: 'done' | 'declined' | 'failed'
}

export interface StockFacts {
  readonly sku: string
  readonly opening: number
  readonly in: number
  readonly out: number
  readonly deducted: number
  readonly onHand: number
  readonly reserved: number
}

/** Records of a topic-partition, and the rows that analytics hold of it. Checksums: sums of the CRC-32 of key and value. */
export interface TopicRows {
  readonly topic: string
  readonly partition: number
  readonly records: number
  readonly checksum: string
  readonly rows: number
  readonly distinct: number
  readonly rowsChecksum: string
}

export interface Rollup {
  readonly type: string
  readonly currency: string
  readonly rolled: readonly [rows: number, amount: string]
  readonly raw: readonly [rows: number, amount: string]
}

/** A request to the API and its answer. */
export interface Operation {
  readonly key: string
  /** Names the content: the same body has the same. */
  readonly body: string
  readonly fromMs: number
  readonly toMs: number
  /** HTTP status; 0 = no answer. */
  readonly status: number
  /** Empty = the answer names none. */
  readonly orderId: string
}

/** One look at the readiness of the API. */
export interface Probe { readonly atMs: number, readonly status: number }

/** What was done to the platform. */
export interface Fault {
  readonly kind: string
  readonly fromMs: number
  /** When everything that was taken away was there again. */
  readonly toMs: number
  /** How long the platform may take from then to the next order event, ms. */
  readonly withinMs: number
  /** A part that the API asks for its readiness could not be reached meanwhile. */
  readonly hidesFromApi: boolean
}
