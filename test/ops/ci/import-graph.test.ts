import { test } from 'tap'
import { findCycles, packageName, parseSource, readSources, type SourceFile } from '../../../ops/ci/import-graph.ts'

test('the imports of a file are found in every form', async t => {
  const source = parseSource('streams/runtime/task.ts', `
import { readFile } from 'node:fs/promises'
import type { A } from './a.ts'
import { type B } from '../b.ts'
import kafkajs from 'kafkajs/src/deep.js'
export * from '#streams'
const late = await import('@scope/name/deep.js')
`, { '#streams': './streams/index.ts' })
  t.same(source.files, ['streams/runtime/a.ts', 'streams/b.ts', 'streams/index.ts'])
  t.same(source.loads, ['streams/index.ts'])
  t.same(source.packages, ['kafkajs', '@scope/name'])
  t.equal(source.lines, 7)
})

test('a name is that of the package when a file of it is imported', async t => {
  t.same(['a', 'a/b/c.js', '@s/a', '@s/a/b.js'].map(packageName), ['a', 'a', '@s/a', '@s/a'])
})

test('the environment counts as used in code, not in comments', async t => {
  t.ok(parseSource('a.ts', 'const x = process.env.HOME').usesEnvironment)
  t.notOk(parseSource('a.ts', '/** reads process.env */\n// process.env\n').usesEnvironment)
})

test('a file is loaded when anything but types is taken from it', async t => {
  t.same(parseSource('a.ts', `
import './side-effect.ts'
import value from './default.ts'
import { type A, b } from './mixed.ts'
import { type C } from './twice.ts'
import { d } from './twice.ts'
import * as all from './all.ts'
import type { E } from './type.ts'
export { type F } from './type-export.ts'
export { g } from './export.ts'
`).loads, ['side-effect.ts', 'default.ts', 'mixed.ts', 'twice.ts', 'all.ts', 'export.ts'])
})

const file = (path: string, ...loads: string[]): SourceFile => ({ path, files: loads, loads, packages: [], lines: 1, usesEnvironment: false })

test('every cycle is found once, from its first file on', async t => {
  t.same(findCycles([file('b', 'c'), file('c', 'a'), file('a', 'b'), file('d', 'a')]), [['a', 'b', 'c']])
  t.same(findCycles([file('a', 'a')]), [['a']])
  t.same(findCycles([file('a', 'b', 'c'), file('b', 'c'), file('c')]), [])
  t.equal(findCycles([file('a', 'b'), file('b', 'a', 'c'), file('c', 'b')]).length, 2)
})

test('every TypeScript file below the folders is read, with its path from the root', async t => {
  const root = t.testdir({ streams: { 'a.ts': "import './b/c.ts'", b: { 'c.ts': '' }, 'x.md': '' }, other: { 'd.ts': '' } })
  t.same(readSources(root, ['streams'], {}).map(({ path, files }) => [path, files]).sort(), [['streams/a.ts', ['streams/b/c.ts']], ['streams/b/c.ts', []]])
})
