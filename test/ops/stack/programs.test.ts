import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type Test } from 'tap'
import { embeddedRedis, Programs } from '../../../ops/stack/programs.ts'
import { versions } from '../../../ops/stack/versions.ts'

test('a published Redis is known for the usual platforms', async t => {
  t.same(embeddedRedis('linux', 'x64'), { name: 'redis-server-6.2.6-v5-linux-amd64', version: '6.2.6' })
  t.same(embeddedRedis('linux', 'arm64'), { name: 'redis-server-6.2.7-linux-arm64', version: '6.2.7' })
  t.match(embeddedRedis('darwin', 'arm64'), { version: '6.2.6' })
  t.equal(embeddedRedis('win32', 'x64'), undefined)
})

/** A `mvn` that writes its arguments down and does what the script says; `$out` is the folder asked for. */
function pretendMaven (t: Test, script: string): { readonly cacheDir: string, readonly calls: () => string } {
  const folder = t.testdir({ bin: {}, cache: {} })
  const bin = join(folder, 'bin')
  const program = `#!/bin/sh
echo "$@" >> ${folder}/calls
for arg in "$@"; do case "$arg" in -DoutputDirectory=*) out="\${arg#-DoutputDirectory=}";; esac; done
${script}
`
  for (const [name, text] of [['mvn', program], ['redis-server', '#!/bin/sh\necho "Redis server v=5.0.14 sha=0"\n'], ['valkey-server', '#!/bin/sh\necho "Valkey server v=8.0.1 sha=0"\n']] as const) {
    writeFileSync(join(bin, name), text)
    chmodSync(join(bin, name), 0o755)
  }
  const before = process.env['PATH']
  process.env['PATH'] = `${bin}:${before ?? ''}`
  t.teardown(() => { process.env['PATH'] = before })
  return { cacheDir: join(folder, 'cache'), calls: () => existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8') : '' }
}

test('a program is fetched once when several ask for it at the same time', async t => {
  const { cacheDir, calls } = pretendMaven(t, 'sleep 0.2; touch "$out/kafka.jar"')
  const lines: string[] = []
  const programs = new Programs(cacheDir, line => lines.push(line))
  t.same([...programs.cached()], [])
  const [first, second] = await Promise.all([programs.kafka(), new Programs(cacheDir, () => {}).kafka()])
  t.equal(first, second)
  t.ok(existsSync(join(first ?? '', 'kafka.jar')))
  t.equal(calls().trim().split('\n').length, 1)
  t.match(calls(), /dependency-plugin:[\d.]+:copy-dependencies/)
  t.match(lines[0], /fetching Apache Kafka 4\.1\.0 \(43 MB\) by Maven, once/)
  t.same([...programs.cached()], ['kafka'])
})

test('a program is not taken for whole when its download broke off', async t => {
  const { cacheDir } = pretendMaven(t, 'touch "$out/half.jar"; echo "[ERROR] Connection refused"; exit 1')
  const programs = new Programs(cacheDir, () => {})
  await t.rejects(programs.kafka(), { code: 'OPS_DOWNLOAD_FAILED' })
  t.notOk(existsSync(join(cacheDir, `kafka-${versions.kafka}`)))
  t.same([...programs.cached()], [])
})

test('the registry is refused when its archive cannot be unpacked', async t => {
  const { cacheDir } = pretendMaven(t, `echo nonsense > "$out/apicurio-registry-app-${versions.registry}-all.tar.gz"`)
  await t.rejects(new Programs(cacheDir, () => {}).registry(), { code: 'OPS_DOWNLOAD_FAILED', message: /tar could not unpack it/ })
})

test('a Redis that is too old is passed over for one that is not', async t => {
  const { cacheDir, calls } = pretendMaven(t, 'exit 1')
  t.same(await new Programs(cacheDir, () => {}).redis(), { command: 'valkey-server', version: '8.0.1' })
  t.equal(calls(), '', 'nothing is downloaded')
})
