import v8 from 'node:v8'
import vm from 'node:vm'
import fc from 'fast-check'
import { test } from 'tap'
import { CacheBudget } from '../../../streams/runtime/row-cache.ts'

const row = (text: string): Buffer => Buffer.from(text)

test('a row cache gives back what was set, also that a row is absent', async t => {
  const cache = new CacheBudget(10_000).open()
  cache.set('a', row('1'))
  cache.set('b', null)
  cache.set('empty', row(''))
  t.same(cache.get('a'), row('1'))
  t.equal(cache.get('b'), null)
  t.equal(cache.get('c'), undefined)
  t.same(cache.get('empty'), row(''))
  cache.set('a', row('2'))
  t.same(cache.get('a'), row('2'))
})

test('a row cache keeps what is used and forgets the rest, within its bytes', async t => {
  const cache = new CacheBudget(20_000).open()
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
  t.ok(found > 25 && found <= 110, `${found} rows of 100 bytes`)
})

test('a row cache never goes back to an older value of a row, whatever its size', async t => {
  const cache = new CacheBudget(2000).open()
  for (let n = 0; n < 500; n++) {
    const value = row(String(n).padEnd([5, 700, 2000][n % 3] as number, '.'))
    cache.set('a', value)
    cache.set(`filler ${n % 7}`, row('x'.repeat(50)))
    const found = cache.get('a')
    t.ok(found === undefined || (found !== null && found.equals(value)))
  }
})

test('a row cache of no bytes keeps nothing', async t => {
  const budget = new CacheBudget(0)
  const cache = budget.open()
  cache.set('a', row('1'))
  cache.set('b', null)
  t.same([cache.get('a'), cache.get('b'), budget.bytes], [undefined, undefined, 0])
})

test('a row cache does not keep a network buffer alive, nor notices when it is written to again', async t => {
  const cache = new CacheBudget(1 << 20).open()
  const network = Buffer.alloc(65_536, 'n')
  cache.set('a', network.subarray(10, 20))
  network.fill('x')
  const kept = cache.get('a')
  t.same(kept, Buffer.from('nnnnnnnnnn'))
  t.not(kept?.buffer, network.buffer)
})

test('a row that was read stays what it was when everything around it is forgotten', async t => {
  const cache = new CacheBudget(4000).open()
  cache.set('a', row('precious'))
  const held = cache.get('a')
  for (let n = 0; n < 500; n++) cache.set(`k${n}`, row('y'.repeat(90)))
  t.same(held, row('precious'))
})

test('the caches of a process share one budget: what a quiet one holds makes room for a busy one', async t => {
  const budget = new CacheBudget(20_000)
  const [quiet, busy] = [budget.open(), budget.open()]
  for (let n = 0; n < 40; n++) quiet.set(`k${n}`, row('x'.repeat(100)))
  t.ok(quiet.get('k39'))
  for (let n = 0; n < 1000; n++) busy.set(`k${n}`, row('x'.repeat(100)))
  t.equal(quiet.get('k39'), undefined)
  let found = 0
  for (let n = 0; n < 1000; n++) if (busy.get(`k${n}`) !== undefined) found++
  t.ok(found > 25, 'all of it is for the one that works')
  t.ok(budget.bytes <= 20_000)
})

test('a cache that was closed is no longer asked, and takes no room for good', async t => {
  const budget = new CacheBudget(20_000)
  const lost = budget.open()
  lost.set('a', row('1'))
  lost.close()
  t.equal(lost.get('a'), undefined)
  const other = budget.open()
  for (let n = 0; n < 1000; n++) other.set(`k${n}`, row('x'.repeat(100)))
  t.ok(other.get('k999'))
})

test('a row cache answers what a map holds or nothing, and never counts more than its budget', t => {
  const key = fc.constantFrom(...'abcdefgh')
  const step = fc.record({ cache: fc.nat(2), key, size: fc.oneof(fc.constant(-1), fc.nat(40), fc.nat(900)), isRead: fc.boolean() })
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), fc.integer({ min: 0, max: 4000 }), (steps, limit) => {
    const budget = new CacheBudget(limit)
    const caches = [budget.open(), budget.open(), budget.open()]
    const model = new Map<string, Buffer | null>()
    for (const [n, { cache, key, size, isRead }] of steps.entries()) {
      if (isRead) {
        const found = caches[cache]?.get(key)
        const wanted = model.get(`${cache}${key}`)
        if (found !== undefined && (found === null || wanted == null ? found !== wanted : !found.equals(wanted))) throw new Error('another row')
      } else {
        const value = size < 0 ? null : Buffer.alloc(size, n)
        caches[cache]?.set(key, value)
        model.set(`${cache}${key}`, value)
      }
      if (budget.bytes > limit + 4) throw new Error(`${budget.bytes} bytes, not ${limit}`)
    }
  }), { numRuns: 300 })
  t.end()
})

test('a budget is what the process really holds: rows, keys and all', { skip: process.env['NODE_V8_COVERAGE'] !== undefined }, async t => {
  v8.setFlagsFromString('--expose-gc')
  const collect = vm.runInNewContext('gc') as () => void
  const heldBytes = (): number => {
    collect()
    collect()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  const limit = 24 * 1024 * 1024
  for (const size of [0, 20, 300, 5_000, 100_000]) {
    const budget = new CacheBudget(limit)
    const caches = Array.from({ length: 12 }, () => budget.open())
    const before = heldBytes()
    for (let n = 0, written = 0; written < 4 * limit; n++, written += size + 150) {
      // As they come: a few bytes of a buffer that is much larger.
      const network = Buffer.allocUnsafe(size + 1000)
      caches[n % 12]?.set(Buffer.from(`customer-${String(n).padStart(12, '0')}`).toString(), size === 0 ? null : network.subarray(500, 500 + size))
    }
    const held = heldBytes() - before
    t.ok(held < limit * 1.15, `${size} bytes a row: ${(held / limit).toFixed(2)} of the budget`)
    t.ok(held > limit * 0.3, 'and it is used')
    t.ok(caches.length === 12)
  }
})
