/**
 * What the sink and its table must agree on. The table itself is made by migrations; `check` of the target holds the two against
 * each other.
 */

/** One row per record of every sunk topic. */
export const RAW_TABLE = 'raw_events'

/** Offsets per table partition: a range never crosses a border. Fixed: it stands in the table's PARTITION BY. */
export const BUCKET_OFFSETS = 1_000_000n

/**
 * Partition key of the table: Kafka partition, offset bucket. No topic: what a sink task has planned of all its topics is one block in
 * one part, and a part costs the engine the same, whether it has ten rows or a thousand.
 */
export const PARTITION_KEY = '(_partition, intDiv(_offset, 1000000))'

/**
 * Inserts that the table must remember. A forgotten insert can land as late as the plan may be sent (120 s), plus the time a
 * request may take to arrive (30 s), plus the limit of an insert (60 s); at 200 parts a second that is 42,000.
 */
export const MIN_DEDUPLICATION_WINDOW = 50_000

/** Limit of one insert, s. */
export const INSERT_SECONDS = 60
