import { test } from 'tap'
import { flagNames, initialFlags, isFlagName, readFlag } from '../../../topology/flags/flags.ts'

test('a flag that was never set is off, and has no version', t => {
  t.same(readFlag(undefined), { enabled: false, version: null })
  t.same(readFlag({ value: { enabled: true }, version: 12n }), { enabled: true, version: 12 })
  t.end()
})

test('only a listed flag is a flag, and every one begins switched off', t => {
  t.ok(isFlagName('maintenance'))
  t.notOk(isFlagName('maintainance') || isFlagName('toString'))
  t.same(initialFlags(5).map(({ name, enabled, changedAt }) => [name, enabled, changedAt]), Object.keys(flagNames).map(name => [name, false, 5]))
  t.end()
})
