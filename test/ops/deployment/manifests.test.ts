import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'tap'
import { parse } from 'yaml'
import { type SubTopology } from '#streams'
import { settings } from '../../../ops/config.ts'
import { createPlatformTopology } from '../../../ops/platform/topology.ts'
import { endingMs } from '../../../ops/start/closers.ts'
import { type Service, type StreamService, roleOf, serviceNames, serviceOf, streamServices } from '../../../ops/start/services.ts'
import { type ClickHouseClient } from '../../../sinks/index.ts'
import { inputTopics } from '../../../streams/topology.ts'

const root = resolve(import.meta.dirname, '../../..')
const read = <T>(...names: readonly string[]): T => parse(readFileSync(join(root, ...names), 'utf8')) as T
const { version } = read<{ version: string }>('package.json')

interface Container {
  readonly image: string
  readonly args: readonly string[]
  readonly resources: { readonly requests: Record<string, string>, readonly limits: Record<string, string> }
  readonly securityContext: object
}

interface Workload {
  readonly kind: string
  readonly spec: { readonly template: { readonly spec: { readonly terminationGracePeriodSeconds: number, readonly containers: readonly Container[] } } }
}

interface Mounting {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: ReadonlyArray<{ readonly envFrom: readonly object[], readonly volumeMounts: ReadonlyArray<{ readonly mountPath: string }> }>
        readonly volumes: readonly object[]
      }
    }
  }
}

interface Overlay {
  readonly images: ReadonlyArray<{ readonly newName: string, readonly newTag: string }>
  readonly patches: ReadonlyArray<{ readonly patch: string }>
}

interface Scaling { readonly topics?: readonly string[], readonly processors?: readonly string[], readonly maxReplicas?: number }

interface Values { readonly role: string, readonly keys?: boolean, readonly autoscaling: Scaling }

interface Trigger { readonly type: string, readonly metadata: { readonly topic?: string, readonly query?: string } }

interface Operation { readonly path: string, readonly value: unknown }

const topology = createPlatformTopology({ clickhouse: {} as ClickHouseClient, gatewayUrl: 'http://127.0.0.1:1' })
const valuesOf = (service: Service): Values => read('ops/helm', service, 'values.yaml')
const overlayOf = (service: Service): Overlay => read('ops/kubernetes/base', service, 'kustomization.yaml')
const operationsOf = (service: Service): readonly Operation[] => overlayOf(service).patches.flatMap(({ patch }) => parse(patch) as readonly Operation[])
const valueAt = (service: Service, path: string): unknown => operationsOf(service).find(operation => operation.path === path)?.value

/** What asks for more processes of a service, as its overlay says: topics with waiting records, and sub-topologies that lag. */
function scaledBy (service: StreamService): { readonly topics: readonly string[], readonly processors: readonly string[] } {
  const triggers = valueAt(service, '/spec/triggers') as readonly Trigger[]
  return {
    topics: triggers.flatMap(({ metadata: { topic } }) => topic === undefined ? [] : [topic]),
    processors: triggers.flatMap(({ metadata: { query } }) => /processor=~"([^"]+)"/.exec(query ?? '')?.[1]?.split('|') ?? [])
  }
}

/** Which services read a topic. */
function readersOf (topic: string): readonly string[] {
  const reads = (node: SubTopology): boolean => inputTopics(node).some(({ name }) => name === topic)
  return [...new Set(topology.nodes.filter(reads).map(node => serviceOf(node) ?? node.name))]
}

test('every service has an overlay and a chart, which run it alone from its own image', async t => {
  for (const service of streamServices) {
    t.equal(valueAt(service, '/spec/template/spec/containers/0/args/1'), service)
    t.match(overlayOf(service).images, [{ newName: `ghcr.io/commerce-streams/${service}`, newTag: version }])
    t.equal(valueAt(service, '/spec/scaleTargetRef/name'), `${service}-service`)
  }
  for (const service of serviceNames) {
    t.match(valuesOf(service), { role: roleOf(service) })
    t.match(read('ops/helm', service, 'Chart.yaml'), { name: service, version, appVersion: version })
  }
  t.match(read('ops/helm/commerce/Chart.yaml'), { version, appVersion: version, dependencies: [{ name: 'commerce-service' }, ...serviceNames.map(name => ({ name, version, condition: `${name}.enabled` }))] })
  t.match(read<{ resources: readonly string[] }>('ops/kubernetes/base/kustomization.yaml').resources.filter(name => !name.endsWith('.yaml')).sort(), [...serviceNames].sort())
})

test('every chart can be installed alone: the library, its schema and its notes are with it', async t => {
  for (const service of serviceNames) {
    for (const name of ['charts/commerce-service/Chart.yaml', 'values.schema.json', 'templates/service.yaml', 'templates/NOTES.txt']) {
      t.ok(existsSync(join(root, 'ops/helm', service, name)), `${service}/${name}`)
    }
    t.ok(existsSync(join(root, 'ops/helm/commerce/charts', service, 'Chart.yaml')), `commerce has ${service}`)
  }
})

test('a service is scaled by what waits for it alone, as its overlay and its chart say alike', async t => {
  for (const service of streamServices) {
    const { topics, processors } = scaledBy(service)
    const chart = valuesOf(service).autoscaling
    t.same([chart.topics ?? [], chart.processors ?? []], [topics, processors], service)
    t.ok(topics.length + processors.length > 0, service)
    for (const topic of topics) t.same(readersOf(topic), [service], topic)
    if (processors.length === 0) continue
    const missed = topology.nodes.filter(node => serviceOf(node) === service && !processors.includes(node.name))
    t.same(missed.map(({ name }) => name), [], 'no sub-topology of it may lag unseen')
    for (const name of processors) t.equal(serviceOf(topology.nodes.find(node => node.name === name) ?? { name, kind: 'processor' }), service, name)
  }
})

test('no service is scaled beyond its partitions', async t => {
  for (const service of streamServices) {
    const partitions = Math.max(...topology.nodes.filter(node => serviceOf(node) === service).flatMap(inputTopics).map(({ partitions }) => partitions), service === 'notification' ? 8 : 0)
    t.ok(Number(valueAt(service, '/spec/maxReplicaCount') ?? 8) <= partitions, service)
    t.ok((valuesOf(service).autoscaling.maxReplicas ?? 8) <= partitions, service)
  }
})

test('every workload has bounds, probes and no rights, and longer to end than the process takes', async t => {
  for (const file of ['stream-service/workload.yaml', 'gateway/gateway.yaml', 'gateway/reconciler.yaml']) {
    const { spec } = read<Workload>('ops/kubernetes/base', file).spec.template
    t.ok(spec.terminationGracePeriodSeconds * 1000 > endingMs, file)
    for (const container of spec.containers) {
      t.match(container, { startupProbe: Object, livenessProbe: { httpGet: { path: '/health/live' } }, readinessProbe: Object }, file)
      t.match(container.securityContext, { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }, file)
      t.equal(container.resources.requests['memory'], container.resources.limits['memory'], file)
      t.ok(container.resources.requests['cpu'], file)
    }
  }
})

test('every setting that a manifest names is one of the platform', async t => {
  const files = ['ops/kubernetes', 'ops/helm'].flatMap(folder => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(ya?ml|tpl)$/.test(name)).map(name => join(folder, name)))
  const named = new Set(files.flatMap(file => readFileSync(join(root, file), 'utf8').match(/\bCOMMERCE_[A-Z_]+\b/g) ?? []))
  t.ok(named.size > 15)
  for (const name of named) t.ok(name in settings.properties, name)
})

test('the keys of persons are seen by those services that need them, and by them alone', async t => {
  const withKeys: readonly Service[] = ['notification', 'identity', 'gateway']
  for (const service of serviceNames) {
    const { components = [] } = read<{ components?: readonly string[] }>('ops/kubernetes/base', service, 'kustomization.yaml')
    t.equal(components.includes('../with-keys'), withKeys.includes(service), service)
    t.equal(valuesOf(service).keys ?? false, withKeys.includes(service), service)
  }
})

test('every workload comes to the broker in a name of its own where it has one, and knows where authorities and the token of a key store are', async t => {
  const rest = [['gateway/gateway.yaml', 'gateway'], ['gateway/reconciler.yaml', 'reconciler'], ['provisioning.yaml', 'provisioning']] as const
  for (const service of streamServices) t.equal(valueAt(service, '/spec/template/spec/containers/0/envFrom/2/secretRef/name'), `commerce-broker-${service}`)
  for (const [file, name] of [['stream-service/workload.yaml', 'service'], ...rest]) {
    const { containers: [container], volumes } = read<Mounting>('ops/kubernetes/base', file ?? '').spec.template.spec
    t.same(container?.envFrom.at(-1), { secretRef: { name: `commerce-broker-${name}`, optional: true } }, `${file}: the last one wins`)
    t.match(volumes, [{}, { name: 'authorities', secret: { secretName: 'commerce-authorities', optional: true } }], file)
    t.ok(container?.volumeMounts.some(({ mountPath }) => mountPath === '/authorities'), file)
  }
  const keys = readFileSync(join(root, 'ops/kubernetes/base/with-keys/kustomization.yaml'), 'utf8')
  t.match(keys, /name: key-store, secret: \{ secretName: commerce-key-store, defaultMode: 0440, optional: true \}/)
  const pod = readFileSync(join(root, 'ops/helm/commerce-service/templates/_pod.tpl'), 'utf8')
  for (const place of ['/authorities', '/key-store', '/broker-passwords']) t.match(pod, `mountPath: ${place}`)
})
