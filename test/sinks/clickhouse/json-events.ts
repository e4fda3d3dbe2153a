import { StreamsError } from '../../../streams/errors.ts'
import { type FetchedRecord, NO_HEADERS } from '../../../streams/record.ts'
import { type TypedValue } from '../../../streams/serde/serde.ts'
import { type EventDecoder } from '../../../sinks/clickhouse/rows.ts'

/** Values as JSON with `123n` for bigint: events without a registry. */
export function event (topic: string, offset: bigint, value: object, key = 'key'): FetchedRecord {
  const text = JSON.stringify(value, (_, field: unknown) => typeof field === 'bigint' ? `${field}n` : field)
  return { topic, partition: 0, offset, timestampMs: 1_700_000_000_000 + Number(offset), key: Buffer.from(key), value: Buffer.from(text), headers: NO_HEADERS }
}

export const jsonDecoder: EventDecoder = {
  decode: (_, bytes) => {
    try {
      return JSON.parse(bytes.toString(), (__, field: unknown) => typeof field === 'string' && /^-?\d+n$/.test(field) ? BigInt(field.slice(0, -1)) : field) as TypedValue
    } catch (error) {
      throw new StreamsError('STR_RECORD_UNREADABLE', {}, error)
    }
  }
}
