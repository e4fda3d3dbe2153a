import { test } from 'tap'
import { type FlagWish, defineFlag, wishOf } from '../../../topology/flags/define-flag.ts'
import { widthOf } from '../../../topology/flags/buckets.ts'
import { author, flagOf, halves } from './flag-fixtures.ts'

const [control, treatment] = halves.variants as NonNullable<FlagWish['variants']>
const faultsOf = (wish: FlagWish, name = 'f', others = [] as ReturnType<typeof flagOf>[]) => {
  const defined = defineFlag(name, wish, author, undefined, others)
  return 'faults' in defined ? defined.faults.map(({ field }) => field) : []
}

test('a flag says who defined it, when and why', t => {
  t.match(flagOf('f', halves), { type: 'FlagChanged', name: 'f', enabled: true, ...author, kind: 'string', variant: 'control', experiment: true, deleted: false })
  t.end()
})

test('a wish that breaks a rule is refused with the field', t => {
  const wrong: ReadonlyArray<readonly [wish: FlagWish, fields: readonly string[]]> = [
    [{ enabled: true }, ['/variants']],
    [{ ...halves, kind: undefined }, ['/kind']],
    [{ ...halves, variants: [control!, { ...treatment!, weightBp: 4999 }] }, ['/variants']],
    [{ ...halves, variants: [control!, { ...treatment!, weightBp: undefined }] }, ['/variants/1/weightBp']],
    [{ ...halves, variants: [{ ...control!, weightBp: -1 }, { ...treatment!, weightBp: 10_001 }] }, ['/variants/0/weightBp', '/variants/1/weightBp']],
    [{ ...halves, variants: [{ ...control!, weightBp: 0.5 }, { ...treatment!, weightBp: 9999.5 }] }, ['/variants/0/weightBp', '/variants/1/weightBp']],
    [{ ...halves, variants: [control!, { ...control! }] }, ['/variants/1/name']],
    [{ ...halves, variants: [control!, { ...treatment!, value: 5 }] }, ['/variants/1/value']],
    [{ ...halves, variants: [control!, { ...treatment!, value: 'x'.repeat(5000) }] }, ['/variants/1/value']],
    [{ ...halves, kind: 'object', variants: [{ ...control!, value: null }, { ...treatment!, value: {} }] }, ['/variants/0/value']],
    [{ ...halves, variant: 'none' }, ['/variant']],
    [{ ...halves, variant: null }, ['/variant']],
    [{ ...halves, rules: [{ attribute: 'a', values: [], variant: 'control' }, { attribute: 'a', values: ['x'], variant: 'none' }] }, ['/rules/0/values', '/rules/1/variant']],
    [{ ...halves, variants: [{ name: 'control', value: 'old' }] }, ['/experiment']],
    [{ ...halves, experiment: false, salt: 's', variants: [{ name: 'control', value: 'old' }] }, ['/salt']],
    [{ ...halves, layer: { name: 'l', from: 5, to: 5 } }, ['/layer']],
    [{ ...halves, layer: { name: 'l', from: 0, to: 10_001 } }, ['/layer']],
    [{ ...halves, experiment: false, variants: [{ name: 'control', value: 'old' }], layer: { name: 'l', from: 0, to: 1 } }, ['/layer']]
  ]
  for (const [wish, fields] of wrong) t.same(faultsOf(wish), fields, fields.join())
  t.same(faultsOf(halves), [])
  t.end()
})

test('a switch of the platform is on or off, and nothing else', t => {
  t.same(faultsOf({ enabled: true }, 'maintenance'), [])
  t.same(faultsOf({ enabled: true, variant: null }, 'maintenance'), [])
  t.same(faultsOf({ enabled: true, variant: 'x', rules: [], experiment: true }, 'maintenance'), ['/rules', '/experiment', '/variant'])
  t.end()
})

test('a share of a layer is refused when another flag has a part of it', t => {
  const taken = flagOf('taken', { ...halves, layer: { name: 'l', from: 1000, to: 2000 } })
  const wish = (from: number, to: number, name = 'l'): FlagWish => ({ ...halves, layer: { name, from, to } })
  for (const [from, to] of [[0, 1001], [1999, 3000], [1200, 1300], [0, 10_000]] as const) t.same(faultsOf(wish(from, to), 'f', [taken]), ['/layer'])
  for (const [from, to] of [[0, 1000], [2000, 3000]] as const) t.same(faultsOf(wish(from, to), 'f', [taken]), [])
  t.same(faultsOf(wish(1000, 2000, 'other'), 'f', [taken]), [])
  t.same(faultsOf(wish(1000, 2000), 'taken', [taken]), [], 'a flag does not stand in its own way')
  t.end()
})

test('new weights leave everybody where they are whom they do not demand', t => {
  const before = flagOf('f', halves)
  const after = flagOf('f', { ...halves, variants: [{ ...control!, weightBp: 4000 }, { ...treatment!, weightBp: 5000 }, { name: 'third', value: 'x', weightBp: 1000 }] }, before)
  t.same(after.variants.map(({ name, buckets }) => [name, buckets]), [
    ['control', [{ from: 0, to: 4000 }]], ['treatment', [{ from: 5000, to: 10_000 }]], ['third', [{ from: 4000, to: 5000 }]]
  ])
  t.end()
})

test('a flag read as a wish defines the same flag', t => {
  const flag = flagOf('f', { ...halves, description: 'd', salt: 's', rules: [{ attribute: 'a', values: ['x'], variant: 'control' }], layer: { name: 'l', from: 0, to: 10 } })
  t.same(flagOf('f', wishOf(flag), flag), flag)
  t.equal(flag.variants.reduce((sum, { buckets }) => sum + widthOf(buckets), 0), 10_000)
  t.end()
})
