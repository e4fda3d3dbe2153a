/** What the runtime does when it meets an error. Match on `code`, never on a message. */
export type Disposition = 'retry' | 'dead-letter' | 'end-epoch' | 'close-task' | 'restore-state' | 'fatal'

interface ErrorEntry { readonly disposition: Disposition, readonly message: string }

/** Every error code of the runtime: the table is the documentation, docs/errors.md is generated from it. */
export const streamErrors = {
  STR_RECORD_UNREADABLE: { disposition: 'dead-letter', message: 'the record does not decode with its schema' },
  STR_SCHEMA_UNKNOWN: { disposition: 'dead-letter', message: 'the schema registry does not know the schema id of the record' },
  STR_KEY_INVALID: { disposition: 'dead-letter', message: 'the record key is null or not UTF-8' },
  STR_ROUTE_MIXED: { disposition: 'dead-letter', message: 'the record belongs to more than one partition' },
  STR_HANDLER_FAILED: { disposition: 'dead-letter', message: 'the handler threw' },
  STR_RECORD_REFUSED: { disposition: 'dead-letter', message: 'the handler refused the record: it changes nothing, and its key goes on' },
  STR_RECORD_DISCARDED: { disposition: 'dead-letter', message: 'an operator discarded the record while it waited for its key' },
  STR_PARKED_TOO_MANY: { disposition: 'fatal', message: 'more is parked than the task may hold: mend the cause, or raise the limit, then redrive' },
  STR_OUTPUT_TOO_LARGE: { disposition: 'dead-letter', message: 'an output of the record is larger than its topic accepts' },
  STR_GLOBAL_TOO_LARGE: { disposition: 'fatal', message: 'the global tables hold more bytes than globalTableBytes allows: raise it, or keep less in their topics' },
  STR_SCAN_TOO_LARGE: { disposition: 'dead-letter', message: 'a handler scanned more bytes for one input than may be held: scan less, or go on with a timer' },
  STR_TRANSACTION_TOO_LARGE: { disposition: 'dead-letter', message: 'the record caused more outputs and rows than one transaction may hold' },
  STR_TASKS_TOO_MANY: { disposition: 'retry', message: 'more tasks are assigned to this process than maxTasks allows: those beyond it do not run; start another process, or raise it' },
  STR_OUTPUT_UNDECLARED: { disposition: 'fatal', message: 'the processor emitted to a topic it did not declare' },
  STR_TXN_UNKNOWN: { disposition: 'end-epoch', message: 'the outcome of the transaction is not known, or a request of it failed: the producer epoch is over' },
  STR_TXN_FENCED: { disposition: 'close-task', message: 'a newer producer owns this transactional id' },
  STR_TXN_ILLEGAL_STATE: { disposition: 'fatal', message: 'the transaction unit was used outside its state table' },
  STR_STATE_LOST: { disposition: 'restore-state', message: 'the stored state is not the one this task wrote: it is empty, older, ahead, or owned by another' },
  STR_STATE_UNAVAILABLE: { disposition: 'retry', message: 'the state backend does not answer' },
  STR_STATE_FULL: { disposition: 'retry', message: 'the state backend has no memory left and takes no writes: give it more; nothing is lost, tasks go on from the log' },
  STR_STATE_REFUSED: { disposition: 'retry', message: 'the state backend refuses this client: check address, user, password and certificate authority' },
  STR_STATE_EVICTING: { disposition: 'fatal', message: 'the state backend may evict keys: set maxmemory-policy noeviction' },
  STR_BROKER_UNAVAILABLE: { disposition: 'retry', message: 'the broker does not answer' },
  STR_REGISTRY_UNAVAILABLE: { disposition: 'retry', message: 'the schema registry does not answer' },
  STR_OFFSET_OUT_OF_RANGE: { disposition: 'fatal', message: 'the log no longer holds the offset to resume from: never reset in silence' },
  STR_TOPIC_MISSING: { disposition: 'fatal', message: 'a topic of the topology does not exist' },
  STR_TOPIC_CHANGED: { disposition: 'fatal', message: 'a topic has another partition count than the topology declares' },
  STR_BATCH_CORRUPT: { disposition: 'fatal', message: 'a record batch fails its checksum or cannot be parsed' },
  STR_PROGRESS_MISSING: { disposition: 'fatal', message: 'the changelog holds no progress for the task: provision it, or initialise it by name' },
  STR_PROGRESS_INPUT_MISSING: { disposition: 'fatal', message: 'the progress of the task lacks an input: provisioning must add it' },
  STR_LOG_WENT_BACK: { disposition: 'restore-state', message: 'the changelog is older than the state built from it: the state was wiped and rebuilt' },
  STR_CLIENT_VERSION: { disposition: 'fatal', message: 'this kafkajs version is not the one the client layer was written against' },
  STR_TOPOLOGY_INVALID: { disposition: 'fatal', message: 'the topology is not valid' },
  STR_SINK_BEHIND: { disposition: 'fatal', message: 'the sink holds fewer rows than were acknowledged: run with --refill' },
  STR_SINK_AHEAD: { disposition: 'fatal', message: 'the sink holds rows beyond the plan: run with --replay' },
  STR_CLOSED: { disposition: 'fatal', message: 'used after close' },
  STR_EFFECT_OPEN: { disposition: 'dead-letter', message: 'an effect of that key is already open: ask isEffectOpen first' },
  STR_STOPPED_BY_HANDLER: { disposition: 'fatal', message: 'an exception handler answered fail' },
  STR_CHANGELOG_UNREADABLE: { disposition: 'fatal', message: 'the changelog holds a record that this version cannot read' },
  STR_MEMBERSHIP_LOST: { disposition: 'fatal', message: 'the membership in the group is over: another process runs under this instance id, or the group refuses it' },
  STR_SINK_UNAVAILABLE: { disposition: 'retry', message: 'the sink target does not answer' },
  STR_SINK_UNFIT: { disposition: 'fatal', message: 'the sink target is not what exactly-once delivery needs' },
  STR_SINK_PLAN_INVALID: { disposition: 'fatal', message: 'a planned range overlaps what is acknowledged, or is empty' },
  STR_SINK_PLAN_STALE: { disposition: 'end-epoch', message: 'the plan was open for too long to be sent without proving the ownership again' },
  STR_SINK_RANGE_LOST: { disposition: 'fatal', message: 'rows of an open plan are missing in the sink, and the log no longer holds their records' },
  STR_SINK_UNPROVEN: { disposition: 'fatal', message: 'a planned range was inserted again and the sink still does not hold each of its rows once' },
  STR_SCHEMA_UNREGISTERED: { disposition: 'fatal', message: 'the schema registry does not hold a schema of the topology: provision it' },
  STR_SCHEMA_INCOMPATIBLE: { disposition: 'fatal', message: 'the schema registry refuses the schema: it breaks the compatibility of its subject' },
  STR_SCHEMA_INVALID: { disposition: 'fatal', message: 'the schema is not valid Avro, or not of a kind that this runtime maps' },
  STR_VALUE_INVALID: { disposition: 'dead-letter', message: 'a value does not fit its schema' },
  STR_HISTORY_TOO_OLD: { disposition: 'fatal', message: 'the changelog no longer tells, or never told, how the store was then: ask for the oldest moment that is named, or a later one' },
  STR_HISTORY_AHEAD: { disposition: 'fatal', message: 'the changelog does not reach as far as the position that was asked for' },
  STR_HISTORY_TOO_LARGE: { disposition: 'fatal', message: 'the store was larger then than one read may hold: read single keys, or raise the limit' },
  STR_QUERY_INVALID: { disposition: 'dead-letter', message: 'a query asks for what no answer can be given to' },
  STR_BROKER_REFUSED: { disposition: 'fatal', message: 'the broker refuses the request: configuration, permission, or a protocol version it does not speak' }
} as const satisfies Record<string, ErrorEntry>

export type StreamErrorCode = keyof typeof streamErrors

/** The one error class of the runtime. `context` never holds payloads, tokens or personal data. */
export class StreamsError extends Error {
  override readonly name: string = 'StreamsError'
  readonly code: StreamErrorCode
  readonly context: Readonly<Record<string, unknown>>

  constructor (code: StreamErrorCode, context: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    const details = Object.entries(context).map(([name, value]) => `${name}=${String(value)}`).join(' ')
    super(`${streamErrors[code].message}${details === '' ? '' : ` (${details})`}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.context = context
  }

  get disposition (): Disposition {
    return streamErrors[this.code].disposition
  }
}

/** True for a StreamsError with that code (or any, when none is given). */
export function isStreamsError (error: unknown, code?: StreamErrorCode): error is StreamsError {
  return error instanceof StreamsError && (code === undefined || error.code === code)
}

/** Makes an Error of whatever was thrown. */
export function ensureError (thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
