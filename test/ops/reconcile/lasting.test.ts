import { test } from 'tap'
import { lastingReport } from '../../../ops/reconcile/lasting.ts'
import { type Violation } from '../../../topology/audit/law.ts'

/** A law whose looks find these messages, one list after the other, and the last one for ever. */
function looks (...found: ReadonlyArray<readonly string[]>) {
  let times = 0
  const check = async () => {
    const messages = found[Math.min(times++, found.length - 1)] ?? []
    return { checked: 10 + times, violations: messages.map((message): Violation => ({ law: 'facts', subject: 'o1', message })) }
  }
  let pauses = 0
  return { check, pause: async () => { pauses++ }, count: () => ({ times, pauses }) }
}
const messagesOf = ({ violations }: { readonly violations: readonly Violation[] }): readonly string[] => violations.map(({ message }) => message)

test('a law that holds is checked once', async t => {
  const { check, pause, count } = looks([])
  t.same(await lastingReport(check, pause), { checked: 11, violations: [] })
  t.same(count(), { times: 1, pauses: 0 })
})

test('what is only behind is not told, and what comes up meanwhile neither', async t => {
  const { check, pause } = looks(['a', 'b', 'c'], ['b', 'c', 'd'], ['c', 'e'], ['f', 'g'])
  t.same(messagesOf(await lastingReport(check, pause)), [])
})

test('what stays is told, however much else is behind', async t => {
  const { check, pause, count } = looks(['wrong', 'a', 'b'], ['wrong', 'b', 'c'], ['wrong', 'd'], ['wrong', 'e'])
  t.same(messagesOf(await lastingReport(check, pause)), ['wrong'])
  t.same(count(), { times: 4, pauses: 3 }, 'until a look finds nothing less')
})
