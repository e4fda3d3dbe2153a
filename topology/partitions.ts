/** Partitions of every co-partitioned topic: one number, fixed for the life of the topics. More of them: docs/operations.md, "More partitions". */
export const partitions: number = 8

/** Partitions of the stock: few, so that an order of many lines touches few of them. Orders remember them, so this number stays. */
export const stockPartitions = 2

/** The number that the first logs had. */
const firstPartitions = 8

/**
 * Part of every id that is derived from a place in the log. A log with more partitions is made of one with fewer, and has places that the other had, too;
 * the number only grows, so it tells them apart. '' for the first number: ids that are there stay as they are.
 */
export const idSpace = partitions === firstPartitions ? '' : String(partitions)
