import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { test } from 'tap'
import { parse } from 'yaml'
import { tools } from '../../../ops/verify-ops/tools.ts'

interface Container {
  readonly image: string
  readonly profiles?: readonly string[]
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly command?: readonly string[]
  readonly privileged?: boolean
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>
}

interface ComposeFile {
  readonly include?: readonly string[]
  readonly services: Readonly<Record<string, Container>>
  readonly configs?: Readonly<Record<string, { readonly content: string }>>
}

const folder = resolve(import.meta.dirname, '../../../ops/stack')
const read = (name: string): ComposeFile => parse(readFileSync(join(folder, name), 'utf8')) as ComposeFile
const main = read('compose.yml')
const files = ['compose.yml', ...main.include ?? []].map(name => ({ name, file: read(name) }))
const containers = files.flatMap(({ file }) => Object.entries(file.services))
const inProfile = (profile: string): readonly string[] => containers.filter(([, { profiles }]) => profiles?.includes(profile)).map(([name]) => name).sort()
/** The value that a variable has when nobody gives another. */
const withDefaults = (text: string): string => text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')

function composeValidator () {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../support/compose-spec/compose-spec.json'), 'utf8')) as object
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  return ajv.compile(schema)
}

test('every compose file keeps to the Compose Specification', async t => {
  const validate = composeValidator()
  for (const { name, file } of files) t.ok(validate(file), `${name} ${JSON.stringify(validate.errors)}`)
})

test('the profiles run what they are named for', async t => {
  t.same(inProfile('core'), ['clickhouse', 'console', 'redis', 'redpanda'])
  t.same(inProfile('cluster'), ['clickhouse', 'redis', 'redpanda-1', 'redpanda-2', 'redpanda-3'])
  t.same(inProfile('observability'), ['alertmanager', 'alloy', 'grafana', 'jaeger', 'loki', 'node-exporter', 'prometheus', 'redis-exporter'])
  t.same(inProfile('load'), ['k6'])
  for (const [name, { profiles = [] }] of containers) t.ok(profiles.length > 0, `${name} starts only when it is asked for`)
})

test('no container waits for one that its profile does not start', async t => {
  for (const [name, { profiles = [], depends_on: needs = [] }] of containers) {
    for (const other of Array.isArray(needs) ? needs as string[] : Object.keys(needs)) for (const profile of profiles) t.ok(inProfile(profile).includes(other), `${name} of ${profile} waits for ${other}`)
  }
})

test('every image has an exact version', async t => {
  for (const [name, { image }] of containers) t.match(withDefaults(image), /^[a-z0-9./_-]+:v?\d+(\.\d+)+(-alpine)?$/, name)
  t.match(withDefaults(containers.find(([name]) => name === 'prometheus')?.[1].image ?? ''), tools.promtool.version.replace('v0.3', ':v3.'), 'the rules are tested by the promtool of this Prometheus')
})

test('every port is published on this machine only, once, and no container has rights over it', async t => {
  const published = containers.flatMap(([, { ports = [] }]) => ports)
  for (const port of published) t.match(withDefaults(port), /^127\.0\.0\.1:\d+:\d+$/)
  const core = containers.filter(([, { profiles = [] }]) => !profiles.includes('cluster')).flatMap(([, { ports = [] }]) => ports)
  t.equal(new Set(core.map(withDefaults)).size, core.length)
  for (const [name, { privileged }] of containers) t.notOk(privileged, name)
})

test('every file and folder of the repository that is mounted exists', async t => {
  const mounted = containers.flatMap(([, { volumes = [] }]) => volumes).filter(volume => volume.startsWith('../'))
  for (const volume of mounted) t.ok(existsSync(join(folder, volume.split(':')[0] ?? '')), volume)
  t.ok(mounted.length >= 6)
})

test('three brokers keep three copies, find each other, and tell different addresses', async t => {
  const brokers = ['redpanda-1', 'redpanda-2', 'redpanda-3'].map(name => containers.find(each => each[0] === name)?.[1])
  const arguments_ = brokers.map(broker => withDefaults(broker?.command?.join(' ') ?? ''))
  t.same(arguments_.map(text => /--node-id=(\d)/.exec(text)?.[1]), ['0', '1', '2'])
  t.equal(new Set(arguments_.map(text => /external:\/\/(127\.\S+)/.exec(text)?.[1])).size, 3)
  t.notMatch(arguments_[0], /--seeds/, 'the first one founds the cluster')
  for (const text of arguments_.slice(1)) t.match(text, /--seeds=redpanda-1:33145/)
  const content = files.flatMap(({ file }) => Object.values(file.configs ?? {})).find(config => /topic_replication_factor/.test(config.content))?.content ?? ''
  const one = parse(main.configs?.['redpanda-bootstrap']?.content ?? '') as Record<string, unknown>
  t.same(parse(content), { ...one, default_topic_replications: 3, internal_topic_replication_factor: 3 }, 'everything else is as with one broker')
})

test('every compose file is whole once its variables have their values: nothing is left open, and it still keeps to the specification', async t => {
  const validate = composeValidator()
  for (const { name } of files) {
    const text = readFileSync(join(folder, name), 'utf8')
    for (const [variable] of text.matchAll(/\$\{[^}]*\}/g)) t.match(variable, /^\$\{\w+:-[^}]*\}$/, `${name}: ${variable} has a default`)
    const resolved = withDefaults(text).replaceAll('$$', '')
    t.notMatch(resolved, /\$\{|\$[A-Z_]{2,}/, `${name} has no variable left`)
    const file = parse(resolved) as ComposeFile
    t.ok(validate(file), `${name} ${JSON.stringify(validate.errors)}`)
    for (const [service, { ports = [] }] of Object.entries(file.services)) for (const port of ports) t.match(port, /^127\.0\.0\.1:\d+:\d+$/, `${service} of ${name} is published on this machine only`)
  }
})
