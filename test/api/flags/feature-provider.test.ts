import { ErrorCode, type EvaluationContext, OpenFeature, ProviderEvents, ProviderStatus } from '@openfeature/server-sdk'
import { type Test, test } from 'tap'
import { type FlagChanged } from '#schemas'
import { FeatureProvider } from '../../../api/flags/feature-provider.ts'
import { openFeatures } from '../../../api/flags/features.ts'
import { type FlagTable, type FlagTableNews, type FlagTableState } from '../../../api/flags/ports.ts'
import { switchRow } from '../../../topology/flags/flags.ts'
import { author, flagOf, halves } from '../../topology/flags/flag-fixtures.ts'

/** A table in the hand of the test. */
function handTable (...flags: readonly FlagChanged[]) {
  const listeners = new Set<(news: FlagTableNews) => void>()
  const whole = Promise.withResolvers<void>()
  let state: FlagTableState = 'reading'
  const tell = (news: FlagTableNews): void => { for (const listener of listeners) listener(news) }
  const table: FlagTable = {
    get state () { return state },
    get: name => {
      const version = flags.findIndex(flag => flag.name === name)
      return version === -1 ? undefined : { flag: flags[version]!, version }
    },
    list: () => flags.map((flag, version) => ({ flag, version })),
    whole: async () => { await whole.promise },
    catchUp: async () => {},
    listen: listener => {
      listeners.add(listener)
      return () => { listeners.delete(listener) }
    },
    close: async () => {}
  }
  const turn = (next: FlagTableState): void => {
    state = next
    tell({ kind: 'state', state: next })
    if (next === 'following') whole.resolve()
  }
  return { table, turn, tell, listeners }
}

async function ready (t: Test, ...flags: readonly FlagChanged[]) {
  const hand = handTable(...flags)
  const features = openFeatures(hand.table)
  t.teardown(async () => { await features.close() })
  const isReady = new Promise<void>(resolve => { features.client.addHandler(ProviderEvents.Ready, () => { resolve() }) })
  hand.turn('following')
  await isReady
  return { ...hand, ...features }
}

const one = (kind: FlagChanged['kind'], value: unknown): FlagChanged => flagOf(kind, { enabled: true, kind, variants: [{ name: 'v', value }], variant: 'v' })

test('a flag of each kind gives its value, its variant and why', async t => {
  const { client } = await ready(t, one('boolean', true), one('string', 'text'), one('number', 0), one('object', { a: [1] }))
  const details = { variant: 'v', reason: 'STATIC' }
  t.match(await client.getBooleanDetails('boolean', false), { value: true, ...details, flagMetadata: { version: 0, experiment: false } })
  t.match(await client.getStringDetails('string', ''), { value: 'text', ...details })
  t.match(await client.getNumberDetails('number', 5), { value: 0, ...details })
  t.match(await client.getObjectDetails('object', {}), { value: { a: [1] }, ...details })
  t.equal(await client.getStringValue('string', ''), 'text')
})

test('a switch of the platform gives whether it is on, without a variant', async t => {
  const { client } = await ready(t, switchRow({ ...author, name: 'maintenance', enabled: true }))
  const details = await client.getBooleanDetails('maintenance', false)
  t.match(details, { value: true, reason: 'STATIC' })
  t.equal(details.variant, undefined)
})

test('the caller falls back, with the code of what is wrong', async t => {
  const broken = { ...one('string', 'x'), name: 'broken', variants: [{ name: 'v', value: '{', buckets: [] }] }
  const { client } = await ready(t, one('string', 'text'), flagOf('split', halves), broken)
  const wrong = [
    [await client.getStringDetails('none', 'mine'), ErrorCode.FLAG_NOT_FOUND],
    [await client.getStringDetails('split', 'mine'), ErrorCode.TARGETING_KEY_MISSING],
    [await client.getStringDetails('split', 'mine', { targetingKey: '' }), ErrorCode.TARGETING_KEY_MISSING],
    [await client.getStringDetails('broken', 'mine'), ErrorCode.PARSE_ERROR]
  ] as const
  for (const [details, errorCode] of wrong) t.match(details, { value: 'mine', reason: 'ERROR', errorCode })
  t.match(await client.getBooleanDetails('string', true), { value: true, reason: 'ERROR', errorCode: ErrorCode.TYPE_MISMATCH })
  t.match(await client.getNumberDetails('string', 7), { value: 7, errorCode: ErrorCode.TYPE_MISMATCH })
  t.match(await client.getObjectDetails('string', { b: 1 }), { value: { b: 1 }, errorCode: ErrorCode.TYPE_MISMATCH })
})

test('a flag that is off gives what the caller falls back to, and that is no error', async t => {
  const { client } = await ready(t, flagOf('f', { ...halves, enabled: false }))
  const details = await client.getStringDetails('f', 'mine', { targetingKey: 's' })
  t.match(details, { value: 'mine', reason: 'DISABLED' })
  t.equal(details.errorCode, undefined)
})

test('rules are told as TARGETING_MATCH, the lot as SPLIT, and what is left as DEFAULT', async t => {
  const { client } = await ready(t, flagOf('f', {
    ...halves, rules: [{ attribute: 'staff', values: ['true'], variant: 'treatment' }], layer: { name: 'l', from: 0, to: 5000 }
  }))
  const reasonOf = async (context: EvaluationContext) => (await client.getStringDetails('f', '', context)).reason
  t.equal(await reasonOf({ staff: true }), 'TARGETING_MATCH')
  const drawn = await Promise.all(Array.from({ length: 40 }, async (_, n) => await reasonOf({ targetingKey: `s-${n}` })))
  t.same([...new Set(drawn)].sort(), ['DEFAULT', 'SPLIT'])
})

test('what is asked before the table is whole is answered with PROVIDER_NOT_READY, and never waits', async t => {
  const { table, turn } = handTable(one('string', 'text'))
  const features = openFeatures(table)
  t.teardown(async () => { await features.close() })
  t.match(await features.client.getStringDetails('string', 'mine'), { value: 'mine', reason: 'ERROR', errorCode: ErrorCode.PROVIDER_NOT_READY })
  const provider = new FeatureProvider(table)
  t.match(await provider.resolveStringEvaluation('string', 'mine', {}), { value: 'mine', errorCode: ErrorCode.PROVIDER_NOT_READY })
  turn('following')
  t.match(await provider.resolveStringEvaluation('string', 'mine', {}), { value: 'text' })
  await provider.onClose()
})

test('the provider tells changes, and that it is stale and ready again', async t => {
  const { client, turn, tell } = await ready(t, one('string', 'text'))
  const told: string[] = []
  client.addHandler(ProviderEvents.ConfigurationChanged, details => { told.push(`changed ${details?.flagsChanged?.join() ?? ''}`) })
  client.addHandler(ProviderEvents.Stale, () => { told.push('stale') })
  tell({ kind: 'changed', names: ['string', 'other'] })
  turn('stale')
  t.equal(client.providerStatus, ProviderStatus.STALE)
  t.match(await client.getStringDetails('string', ''), { value: 'text' }, 'old flags are better than none')
  client.addHandler(ProviderEvents.Ready, () => { told.push('ready') })
  turn('following')
  t.equal(client.providerStatus, ProviderStatus.READY)
  t.same(told, ['changed string,other', 'stale', 'ready'])
})

test('two tables of a process do not know each other, and one that is closed is not listened to', async t => {
  const first = await ready(t, one('string', 'first'))
  const second = await ready(t, one('string', 'second'))
  t.equal(await first.client.getStringValue('string', ''), 'first')
  t.equal(await second.client.getStringValue('string', ''), 'second')
  await first.close()
  t.equal(first.listeners.size, 0)
  t.notSame(OpenFeature.getProvider().metadata.name, 'commerce-flags', 'nothing is put where others look by default')
})
