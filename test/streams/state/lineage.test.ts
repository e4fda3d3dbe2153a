import { test } from 'tap'
import { ancestorId, extendLineage, isEarlierMoment, type Lineage, LINEAGE_LENGTH } from '../../../streams/state/lineage.ts'

const history: Lineage = [{ id: 1n, since: 0n }, { id: 2n, since: 100n }, { id: 3n, since: 200n }]

test('state is an earlier moment when the next owner went on from its progress record or a later one', async t => {
  t.equal(isEarlierMoment(history.slice(0, 1), 50n, history), true)
  t.equal(isEarlierMoment(history.slice(0, 1), 100n, history), true)
  t.equal(isEarlierMoment(history.slice(0, 2), 200n, history), true)
  t.equal(isEarlierMoment(history, 900n, history), true, 'the same owner goes on')
})

test('state is not an earlier moment when the next owner went on from before its progress record', async t => {
  t.equal(isEarlierMoment(history.slice(0, 1), 101n, history), false)
  t.equal(isEarlierMoment(history.slice(0, 2), 201n, history), false)
})

test('state is not an earlier moment when the history does not name its owner', async t => {
  t.equal(isEarlierMoment([{ id: 9n, since: 100n }], 150n, history), false)
  t.equal(isEarlierMoment([{ id: 2n, since: 99n }], 150n, history), false, 'the same incarnation that went on from elsewhere')
  t.equal(isEarlierMoment(history, 900n, []), false)
})

test('state that nobody has changed is an earlier moment of a history that goes on from it', async t => {
  t.equal(isEarlierMoment([], 0n, history), true)
  t.equal(isEarlierMoment([], 1n, history), false)
  t.equal(isEarlierMoment([], 5n, []), true)
})

test('a lineage names the newest acquisitions and not more, and state older than all of them is not known', async t => {
  let lineage: Lineage = []
  for (let n = 0; n < LINEAGE_LENGTH; n++) lineage = extendLineage(lineage, { id: BigInt(n), since: BigInt(n * 10) })
  t.equal(isEarlierMoment([], 0n, lineage), false, 'an older one may have been dropped')
  t.equal(isEarlierMoment(lineage.slice(0, 1), 10n, lineage), true)
  const longer = extendLineage(lineage, { id: 99n, since: 80n })
  t.equal(longer.length, LINEAGE_LENGTH)
  t.equal(longer[0]?.id, 1n)
  t.equal(isEarlierMoment(lineage.slice(0, 1), 10n, longer), false)
})

test('an incarnation is known by the first eight bytes of its id', async t => {
  t.equal(ancestorId('00000000-0000-0001-ffff-ffffffffffff'), 1n)
  t.not(ancestorId('6f9619ff-8b86-4011-b42d-00c04fc964ff'), ancestorId('6f9619ff-8b86-4012-b42d-00c04fc964ff'))
})
