import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { runCommand } from '../stack/command.ts'
import { type Schema, closedSchema } from './json-schema.ts'

/*
 * Writes ops/kubernetes/schemas anew, from the modules in which they are published: `node ops/verify-ops/vendor-schemas.ts`. Needs Go. Run it
 * to add a kind or to take a newer Kubernetes.
 */

const folder = join(import.meta.dirname, '../kubernetes/schemas')

/** Kinds of Kubernetes itself, by the file of its API that describes them. */
const kubernetes = {
  module: 'k8s.io/kubernetes@v1.36.3',
  files: {
    'api__v1_openapi.json': ['io.k8s.api.core.v1.ConfigMap', 'io.k8s.api.core.v1.Secret', 'io.k8s.api.core.v1.Service', 'io.k8s.api.core.v1.ServiceAccount', 'io.k8s.api.core.v1.Pod',
      'io.k8s.api.core.v1.Namespace', 'io.k8s.api.core.v1.PersistentVolumeClaim'],
    'apis__apps__v1_openapi.json': ['io.k8s.api.apps.v1.Deployment', 'io.k8s.api.apps.v1.StatefulSet'],
    'apis__batch__v1_openapi.json': ['io.k8s.api.batch.v1.Job'],
    'apis__autoscaling__v2_openapi.json': ['io.k8s.api.autoscaling.v2.HorizontalPodAutoscaler'],
    'apis__policy__v1_openapi.json': ['io.k8s.api.policy.v1.PodDisruptionBudget'],
    'apis__networking.k8s.io__v1_openapi.json': ['io.k8s.api.networking.v1.NetworkPolicy', 'io.k8s.api.networking.v1.Ingress']
  }
} as const

/** Kinds that others add, by the file that adds them. */
const custom = [
  { module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0', file: 'example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml' },
  { module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0', file: 'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml' },
  { module: 'github.com/kedacore/keda/v2@v2.21.0', file: 'config/crd/bases/keda.sh_scaledobjects.yaml' },
  { module: 'github.com/kedacore/keda/v2@v2.21.0', file: 'config/crd/bases/keda.sh_triggerauthentications.yaml' },
  { module: 'github.com/external-secrets/external-secrets@v1.3.2', file: 'config/crds/bases/external-secrets.io_externalsecrets.yaml' },
  { module: 'github.com/bitnami-labs/sealed-secrets@v0.40.0', file: 'helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml' }
] as const

interface Definition {
  readonly spec: {
    readonly names: { readonly kind: string }
    readonly versions: ReadonlyArray<{ readonly name: string, readonly served: boolean, readonly schema?: { readonly openAPIV3Schema: Schema } }>
  }
}

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const root = await download(kubernetes.module)
for (const [file, names] of Object.entries(kubernetes.files)) {
  const { components: { schemas } } = JSON.parse(readFileSync(join(root, 'api/openapi-spec/v3', file), 'utf8')) as { components: { schemas: Record<string, Schema> } }
  for (const name of names) {
    const [version = '', kind = ''] = name.split('.').slice(-2)
    write(kind, version, closedSchema(schemas[name] ?? {}, schemas))
  }
}
for (const { module, file } of custom) {
  const { spec } = parse(readFileSync(join(await download(module), file), 'utf8')) as Definition
  for (const { name, served, schema } of spec.versions) if (served && schema !== undefined) write(spec.names.kind, name, closedSchema(schema.openAPIV3Schema))
}

function write (kind: string, version: string, schema: Schema): void {
  writeFileSync(join(folder, `${kind.toLowerCase()}-${version}.json`), `${JSON.stringify(schema)}\n`)
}

/** The folder of a module. */
async function download (module: string): Promise<string> {
  const answer = await runCommand('go', ['mod', 'download', '-json', module])
  const { Dir } = JSON.parse(answer.text.slice(answer.text.indexOf('{'), answer.text.lastIndexOf('}') + 1)) as { Dir?: string }
  if (!answer.ok || Dir === undefined) throw new Error(`${module} cannot be had: ${answer.text}`)
  return Dir
}
