import { test } from 'tap'
import { RowCache } from '../../../streams/runtime/row-cache.ts'

const row = (text: string): Buffer => Buffer.from(text)

test('a row cache gives back what was set, also that a row is absent', async t => {
  const cache = new RowCache(10_000)
  cache.set('a', row('1'))
  cache.set('b', null)
  t.same(cache.get('a'), row('1'))
  t.equal(cache.get('b'), null)
  t.equal(cache.get('c'), undefined)
  cache.set('a', row('2'))
  t.same(cache.get('a'), row('2'))
})

test('a row cache keeps what is used and forgets the rest, within its bytes', async t => {
  const cache = new RowCache(20_000)
  cache.set('kept', row('k'))
  for (let n = 0; n < 1000; n++) {
    cache.set(`k${n}`, row('x'.repeat(100)))
    cache.get('kept')
  }
  t.same(cache.get('kept'), row('k'))
  t.equal(cache.get('k0'), undefined)
  t.ok(cache.get('k999'))
  let found = 0
  for (let n = 0; n < 1000; n++) if (cache.get(`k${n}`) !== undefined) found++
  t.ok(found <= 110, `${found} rows of 100 bytes`)
})

test('a row cache never goes back to an older value of a row', async t => {
  const cache = new RowCache(2000)
  for (let n = 0; n < 500; n++) {
    cache.set('a', row(String(n)))
    cache.set(`filler ${n % 7}`, row('x'.repeat(50)))
    const found = cache.get('a')
    t.ok(found === undefined || (found !== null && found.toString() === String(n)))
  }
})

test('a row cache of no bytes keeps nothing', async t => {
  const cache = new RowCache(0)
  cache.set('a', row('1'))
  t.equal(cache.get('a'), undefined)
})

test('a row cache does not keep a network buffer alive for a few bytes of it', async t => {
  const cache = new RowCache(1 << 20)
  const network = Buffer.alloc(65_536, 'n')
  cache.set('a', network.subarray(10, 20))
  const kept = cache.get('a')
  t.same(kept, Buffer.from('nnnnnnnnnn'))
  t.not(kept?.buffer, network.buffer)
})
