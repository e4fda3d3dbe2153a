import { test } from 'tap'
import { allowedFolders, checkBorders } from '../../../ops/ci/border-rules.ts'
import { type SourceFile } from '../../../ops/ci/import-graph.ts'

const file = (path: string, more: Partial<SourceFile> = {}): SourceFile =>
  ({ path, files: [], loads: [], packages: [], lines: 10, usesEnvironment: false, ...more })

test('an import against the direction is a breach, one along it is not', async t => {
  const legal: ReadonlyArray<readonly [string, string]> = [
    ['sinks/a.ts', 'streams/a.ts'], ['topology/a.ts', 'schemas/a.ts'], ['api/a.ts', 'topology/a.ts'], ['ops/a.ts', 'api/a.ts'], ['test/a.ts', 'ops/a.ts'], ['streams/a.ts', 'streams/b.ts']
  ]
  for (const [from, to] of legal) t.same(checkBorders([file(from, { files: [to] })]), [], `${from} → ${to}`)
  const breaches: ReadonlyArray<readonly [string, string]> = [
    ['streams/a.ts', 'topology/a.ts'], ['streams/a.ts', 'schemas/a.ts'], ['topology/a.ts', 'sinks/a.ts'], ['sinks/a.ts', 'ops/a.ts'], ['api/a.ts', 'ops/a.ts'], ['ops/a.ts', 'test/a.ts']
  ]
  for (const [from, to] of breaches) t.match(checkBorders([file(from, { files: [to] })]), [new RegExp(`^${from}: must not import ${to}`)])
})

test('the folders form one direction: none is below itself', async t => {
  const below = (folder: string, seen: readonly string[] = []): boolean =>
    (allowedFolders[folder] ?? []).some(next => seen.includes(next) || below(next, [...seen, folder]))
  for (const folder of Object.keys(allowedFolders)) t.notOk(below(folder), folder)
})

test('a package behind a port is a breach outside its folder, but free in tests', async t => {
  t.match(checkBorders([file('streams/runtime/a.ts', { packages: ['kafkajs'] })]), [/must not import kafkajs; only streams\/kafka\/kafkajs\/ may/])
  t.match(checkBorders([file('topology/a.ts', { packages: ['ioredis'] })]), [/must not import ioredis/])
  t.match(checkBorders([file('api/a.ts', { packages: ['avsc'] })]), [/only streams\/serde\/ and ops\/codegen\/ may/])
  t.same(checkBorders([
    file('streams/kafka/kafkajs/a.ts', { packages: ['kafkajs'] }), file('streams/state/redis/a.ts', { packages: ['ioredis'] }), file('ops/codegen/a.ts', { packages: ['avsc'] }),
    file('test/a.test.ts', { packages: ['kafkajs', 'ioredis'] })
  ]), [])
})

test('reading the environment is a breach outside the configuration', async t => {
  t.match(checkBorders([file('api/a.ts', { usesEnvironment: true })]), [/^api\/a\.ts: reads the environment/])
  t.same(checkBorders([file('ops/config.ts', { usesEnvironment: true }), file('test/a.ts', { usesEnvironment: true })]), [])
})

test('a cycle and a file that is too long are breaches', async t => {
  t.match(checkBorders([file('api/a.ts', { loads: ['api/b.ts'] }), file('api/b.ts', { loads: ['api/a.ts'] })]), ['api/a.ts → api/b.ts → api/a.ts: an import cycle'])
  t.match(checkBorders([file('api/a.ts', { lines: 301 })]), [/301 lines/])
  t.same(checkBorders([file('api/a.ts', { lines: 300 }), file('test/a.ts', { lines: 400 }), file('schemas/generated/types.ts', { lines: 5000 })]), [])
})
