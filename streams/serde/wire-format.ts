/**
 * The Confluent wire format: one magic byte (0), the schema id (int32, big-endian), then the Avro body.
 *
 * @source Confluent Schema Registry documentation, "Wire format"
 */
export const MAGIC_BYTE = 0
export const HEADER_BYTES = 5

/** The schema id in front of a body, or null when these bytes are not framed so. */
export function readSchemaId (bytes: Buffer): number | null {
  return bytes.length >= HEADER_BYTES && bytes[0] === MAGIC_BYTE ? bytes.readInt32BE(1) : null
}

/** Writes magic byte and id at the start of `target`. */
export function writeHeader (target: Buffer, id: number): void {
  target[0] = MAGIC_BYTE
  target.writeInt32BE(id, 1)
}
