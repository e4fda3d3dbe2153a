import { derivedId } from '../../../streams/runtime/identity.ts'
import { type Evidence, type Letter, type Place } from '../evidence/evidence.ts'
import { type Detector, Inquiry } from './verdict.ts'

/**
 * I9: dead letters and what was processed are together the input, and nothing is in both. Every record is consumed; each bad one is a
 * dead letter once, no good one is; and what is a dead letter for good led to nothing.
 */
export const everyInputHasOneEnd: Detector = evidence => {
  const inquiry = new Inquiry()
  const { tasks, records, letters, bad } = evidence
  const lasts = new Map<string, number>()
  for (const { topic, partition, offset } of records) lasts.set(`${topic}-${partition}`, Math.max(lasts.get(`${topic}-${partition}`) ?? -1, offset))
  for (const { task, partition, inputs } of tasks) {
    for (const [topic, next] of Object.entries(inputs)) {
      const last = lasts.get(`${topic}-${partition}`) ?? -1
      inquiry.look()
      if (next <= last) inquiry.find(task, `has not consumed ${topic}-${partition} beyond ${next} of ${last}`)
    }
  }
  const wanted = new Set(bad.map(nameOf))
  const firsts = letters.filter(({ attempts }) => attempts <= 1)
  for (const [name, list] of Map.groupBy(firsts, nameOf)) {
    inquiry.look()
    if (!wanted.has(name)) inquiry.find(name, `is a dead letter (${list[0]?.reason}), and was good`)
    const byProcessor = Map.groupBy(list, ({ processor }) => processor)
    for (const [processor, same] of byProcessor) if (same.length > 1) inquiry.find(name, `is a dead letter of ${processor} ${same.length} times`)
  }
  const found = new Set(firsts.map(nameOf))
  for (const name of wanted) {
    inquiry.look()
    if (!found.has(name)) inquiry.find(name, 'was bad, and is no dead letter')
  }
  judgeDeadOnes(inquiry, evidence, firsts)
  return inquiry.verdict()
}

/** What is parked may have been redriven since: only what is dead for good can have led to nothing. */
function judgeDeadOnes (inquiry: Inquiry, { records }: Evidence, letters: readonly Letter[]): void {
  const ids = new Set(records.map(({ id }) => id))
  for (const letter of letters) {
    if (letter.kind !== 'record' || letter.parked !== '' || letter.offset < 0) continue
    inquiry.look()
    const source = { kind: 'record', topic: letter.topic, partition: letter.partition, offset: BigInt(letter.offset) } as const
    for (let index = 0; index < 8; index++) {
      if (ids.has(derivedId(letter.processor, letter.partition, source, index))) inquiry.find(nameOf(letter), `is dead, and ${letter.processor} made something of it`)
    }
  }
}

function nameOf ({ topic, partition, offset }: Place): string {
  return `${topic}-${partition}/${offset}`
}
