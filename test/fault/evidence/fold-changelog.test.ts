import { test } from 'tap'
import { encodeProgress } from '../../../streams/state/changelog.ts'
import { encodeTimer } from '../../../streams/time/timers.ts'
import { FoldedChangelog, storeFacts, timerIndex } from './fold-changelog.ts'

const bytes = (text: string): Buffer => Buffer.from(text)
const progress = (sequence: bigint, next: bigint): Buffer => encodeProgress({ sequence, contextTimeMs: 0, offsets: new Map([['in', next]]) })

test('a changelog is folded to its last rows, due timers and origins, and its setbacks are told', t => {
  const folded = new FoldedChangelog(['rows', 'empty'])
  let offset = 0n
  const add = (key: string, value: Buffer | null): void => { folded.add({ key: bytes(key), value, offset: offset++ }) }
  add('s/rows/a', bytes('1'))
  add('s/rows/b', bytes('1'))
  add('s/rows/a', bytes('2'))
  add('s/rows/b', null)
  add('t/due', encodeTimer({ dueMs: 5, version: 1n, payload: '' }))
  add('t/gone', encodeTimer({ dueMs: 6, version: 2n, payload: '' }))
  add('t/gone', null)
  add('progress', progress(1n, 4n))
  add('progress', progress(2n, 7n))
  const facts = folded.facts()
  t.same(facts['rows'], storeFacts(new Map([['a', bytes('2')]])))
  t.same(facts['empty'], { rows: 0, digest: storeFacts(new Map()).digest })
  t.same(facts[timerIndex], storeFacts(new Map([['due', bytes('5')]])))
  t.same(folded.origins.map(origin => origin.key), ['due', 'gone'], 'a timer that is gone has caused something')
  t.same([folded.sequence, folded.inputs.get('in'), folded.setbacks], [2n, 7n, []])
  add('progress', progress(2n, 3n))
  t.match(folded.setbacks, [/sequence 2 .* follows 2/, /in went back from 7 to 3/])
  t.end()
})

test('the digest of rows does not depend on their order, and on every byte', t => {
  const rows = [['a', bytes('1')], ['b', bytes('2')]] as const
  t.same(storeFacts(new Map(rows)), storeFacts(new Map([...rows].reverse())))
  t.not(storeFacts(new Map(rows)).digest, storeFacts(new Map([['a', bytes('2')], ['b', bytes('1')]])).digest)
  t.end()
})
