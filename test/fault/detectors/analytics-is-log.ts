import { type Detector, Inquiry } from './verdict.ts'

/** I8: analytics hold each record as one row, byte for byte by checksum; what is rolled up says the same as the rows. */
export const analyticsIsLog: Detector = ({ analytics, rollups }) => {
  const inquiry = new Inquiry()
  for (const { topic, partition, records, checksum, rows, distinct, rowsChecksum } of analytics) {
    const at = `${topic}-${partition}`
    inquiry.equal(at, 'records = rows', records, rows)
    inquiry.equal(at, 'rows = different offsets', rows, distinct)
    inquiry.equal(at, 'checksum of the records = of the rows', checksum, rowsChecksum)
  }
  for (const { type, currency, rolled, raw } of rollups) {
    inquiry.equal(`${type} ${currency}`, 'rows by the projection = by the rows', raw[0], rolled[0])
    inquiry.equal(`${type} ${currency}`, 'amount by the projection = by the rows', raw[1], rolled[1])
  }
  return inquiry.verdict()
}
