import { type LogRecord } from '../evidence/evidence.ts'
import { causesOf } from './origins.ts'
import { type Detector, Inquiry } from './verdict.ts'

/** Topics whose events are numbered by aggregate: those of orders from 1 without a gap, those of payments by the changes of the payment. */
const steps: Readonly<Record<string, 'by one' | 'upwards'>> = { 'commerce.orders.events': 'by one', 'commerce.payments.events': 'upwards' }
/** Topics that only processors write. */
const outputs: ReadonlySet<string> = new Set([
  'commerce.orders.events', 'commerce.payments.events', 'commerce.orders.rejections', 'commerce.inventory.events', 'commerce.inventory.replies', 'commerce.shipping.events', 'commerce.catalog.events',
  'commerce.notifications.requests'
])

/**
 * I5: the outputs are what the consumed part of the inputs leads to, each once, in the order of its key. Every output has an id that only
 * one input (or timer, or effect) can have given, which was committed as consumed; no id is there twice; outputs of one key that come
 * from one input topic are in the order of their inputs; events of an aggregate are numbered upwards, those of orders without a gap; progress never goes back.
 */
export const foldOfInput: Detector = evidence => {
  const inquiry = new Inquiry()
  const bad = new Set(evidence.bad.map(({ topic, partition, offset }) => `${topic}-${partition}/${offset}`))
  const written = evidence.records.filter(({ topic, partition, offset, type }) => outputs.has(topic) && type !== '' && !bad.has(`${topic}-${partition}/${offset}`))
  const causes = causesOf(evidence)
  const seen = new Set<string>()
  const newest = new Map<string, number>()
  for (const record of written) {
    const { topic, partition, offset, key, id, type } = record
    const place = `${topic}-${partition} at ${offset} (${type} of ${key})`
    inquiry.look()
    if (seen.has(`${topic} ${id}`)) inquiry.find(place, `the event id ${id} is there twice`)
    seen.add(`${topic} ${id}`)
    const cause = causes.get(id)
    if (cause === undefined) {
      inquiry.find(place, 'nothing that was consumed leads to it')
      continue
    }
    const line = `${cause.task} ${cause.topic} ${topic} ${key}`
    if (cause.offset < (newest.get(line) ?? -1)) inquiry.find(place, `comes from ${cause.topic} at ${cause.offset}, after one from ${newest.get(line)}`)
    if (cause.offset >= 0) newest.set(line, cause.offset)
  }
  judgeNumbers(inquiry, written)
  for (const { task, setbacks } of evidence.tasks) {
    inquiry.look()
    for (const setback of setbacks) inquiry.find(task, `its progress went back: ${setback}`)
  }
  return inquiry.verdict()
}

function judgeNumbers (inquiry: Inquiry, written: readonly LogRecord[]): void {
  const last = new Map<string, number>()
  for (const { topic, key, version, type } of written) {
    if (steps[topic] === undefined || version === 0) continue
    const aggregate = `${topic} ${key}`
    const before = last.get(aggregate) ?? 0
    inquiry.look()
    if (steps[topic] === 'by one' ? version !== before + 1 : version <= before) inquiry.find(aggregate, `${type} has the number ${version} after ${before}`)
    last.set(aggregate, version)
  }
}
