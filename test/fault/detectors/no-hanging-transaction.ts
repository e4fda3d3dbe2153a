import { type Detector, Inquiry } from './verdict.ts'

/** I6: no transaction hangs: at rest the last stable offset of every partition is its end. */
export const noHangingTransaction: Detector = ({ partitions }) => {
  const inquiry = new Inquiry()
  for (const { topic, partition, stable, end } of partitions) inquiry.equal(`${topic}-${partition}`, 'last stable offset = end', end, stable)
  return inquiry.verdict()
}
