import { test } from 'tap'
import { evaluateFlag } from '../../../topology/flags/evaluate-flag.ts'
import { switchRow } from '../../../topology/flags/flags.ts'
import { bucketOf } from '../../../topology/flags/buckets.ts'
import { author, flagOf, halves } from './flag-fixtures.ts'

test('a switch gives whether it is on, to everybody', t => {
  for (const enabled of [true, false]) {
    t.same(evaluateFlag(switchRow({ ...author, name: 'maintenance', enabled }), {}), { kind: 'given', value: enabled, variant: undefined, why: 'static' })
  }
  t.end()
})

test('a flag without rules and weights gives its one variant, and nothing when it is off', t => {
  const { variants = [], ...rest } = halves
  const wish = { ...rest, experiment: false, variants: variants.map(({ name, value }) => ({ name, value })) }
  t.same(evaluateFlag(flagOf('f', wish), {}), { kind: 'given', value: 'old', variant: 'control', why: 'static' })
  t.same(evaluateFlag(flagOf('f', { ...wish, enabled: false }), { targetingKey: 's' }), { kind: 'off' })
  const withRule = flagOf('f', { ...wish, rules: [{ attribute: 'country', values: ['DE'], variant: 'treatment' }] })
  t.match(evaluateFlag(withRule, { country: 'FR' }), { variant: 'control', why: 'default' })
  t.match(evaluateFlag(withRule, { country: 'DE' }), { variant: 'treatment', value: 'new', why: 'rule' })
  t.end()
})

test('the first rule that matches counts, before the split and without a subject', t => {
  const flag = flagOf('f', {
    ...halves,
    rules: [
      { attribute: 'staff', values: ['true'], variant: 'treatment' },
      { attribute: 'country', values: ['DE', 'AT'], variant: 'control' },
      { attribute: 'age', values: ['30'], variant: 'treatment' },
      { attribute: 'targetingKey', values: ['me'], variant: 'treatment' }
    ]
  })
  t.match(evaluateFlag(flag, { staff: true, country: 'DE' }), { variant: 'treatment', why: 'rule' })
  t.match(evaluateFlag(flag, { staff: false, country: 'AT', age: 30 }), { variant: 'control', why: 'rule' })
  t.match(evaluateFlag(flag, { age: 30 }), { variant: 'treatment', why: 'rule' })
  t.match(evaluateFlag(flag, { targetingKey: 'me' }), { variant: 'treatment', why: 'rule' })
  t.match(evaluateFlag(flag, { targetingKey: 'you', staff: ['true'], country: { toString: () => 'DE' } }), { why: 'split' }, 'only plain values are looked at')
  t.end()
})

test('a split gives the variant of the subject\'s bucket, and nothing to whom is no subject', t => {
  const flag = flagOf('f', halves)
  for (let n = 0; n < 50; n++) {
    const targetingKey = `session-${n}`
    t.same(evaluateFlag(flag, { targetingKey }), bucketOf('f', targetingKey) < 5000
      ? { kind: 'given', value: 'old', variant: 'control', why: 'split' }
      : { kind: 'given', value: 'new', variant: 'treatment', why: 'split' })
  }
  for (const asker of [{}, { targetingKey: '' }, { targetingKey: undefined }]) t.same(evaluateFlag(flag, asker), { kind: 'keyless' })
  t.end()
})

test('another salt deals the subjects anew, and the salt of another flag deals them alike', t => {
  const variants = (salt: string, name = 'f') => Array.from({ length: 200 }, (_, n) => evaluateFlag(flagOf(name, { ...halves, salt }), { targetingKey: `s-${n}` }))
  t.notSame(variants('second'), variants('first'))
  t.same(variants('first', 'other'), variants('first'))
  t.end()
})

test('flags of one layer have no subject in common, and whoever is in neither gets what counts without them', t => {
  const one = flagOf('one', { ...halves, layer: { name: 'checkout', from: 0, to: 4000 } })
  const other = flagOf('other', { ...halves, layer: { name: 'checkout', from: 4000, to: 9000 } })
  const counts = { one: 0, other: 0, neither: 0 }
  for (let n = 0; n < 2000; n++) {
    const [a, b] = [one, other].map(flag => evaluateFlag(flag, { targetingKey: `s-${n}` }))
    const [inOne, inOther] = [a, b].map(found => found?.kind === 'given' && found.why === 'split')
    if (inOne === true && inOther === true) t.fail(`s-${n} is in both`)
    counts[inOne === true ? 'one' : inOther === true ? 'other' : 'neither']++
    if (inOne !== true) t.match(a, { variant: 'control', why: 'default' })
  }
  t.ok(Math.abs(counts.one - 800) < 100 && Math.abs(counts.other - 1000) < 100 && counts.neither > 0, JSON.stringify(counts))
  t.end()
})

test('values come back as they were defined, of whatever kind', t => {
  for (const [kind, value] of [['boolean', false], ['number', 1.5], ['string', ''], ['object', { a: [1, null] }], ['object', [1]]] as const) {
    t.match(evaluateFlag(flagOf('f', { enabled: true, kind, variants: [{ name: 'v', value }], variant: 'v' }), {}), { value, variant: 'v' })
  }
  t.end()
})
