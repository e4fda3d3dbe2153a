import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { alertsDoc } from './alerts-doc.ts'
import { analyticsDoc } from './analytics-doc.ts'
import { generateApiTypes } from './api-client.ts'
import { generateAvroTypes, type GeneratedFile } from './avro-types.ts'
import { generateAsyncApi } from './asyncapi.ts'
import { configurationDoc } from './configuration-doc.ts'
import { envExample } from './env-example.ts'
import { errorsDoc } from './errors-doc.ts'
import { handlersDoc } from './handlers-doc.ts'
import { generateOpenApi } from './openapi.ts'
import { topicsDoc } from './topics-doc.ts'
import { topologyDoc } from './topology-doc.ts'
import { alertFiles } from '../observability/alerts/index.ts'
import { dashboardFiles } from '../observability/dashboards/index.ts'
import { describeOrderStates } from '../../topology/orders/describe-states.ts'

/**
 * Everything that is generated and checked in, each from its one source. `npm run generate` writes what is stale;
 * `npm run generate:check` writes nothing, names what is stale and ends with 1.
 */
const generators: ReadonlyArray<(root: string) => Promise<readonly GeneratedFile[]> | readonly GeneratedFile[]> = [
  generateAvroTypes,
  generateOpenApi,
  generateApiTypes,
  generateAsyncApi,
  () => [{ path: '.env.example', content: envExample() }],
  () => [{ path: 'docs/configuration.md', content: configurationDoc() }],
  () => [{ path: 'docs/errors.md', content: errorsDoc() }],
  () => [{ path: 'docs/handlers.md', content: handlersDoc() }],
  () => [{ path: 'docs/topics.md', content: topicsDoc() }],
  () => [{ path: 'docs/topology.md', content: topologyDoc() }],
  analyticsDoc,
  () => [{ path: 'docs/order-states.md', content: describeOrderStates() }],
  () => [{ path: 'docs/alerts.md', content: alertsDoc() }],
  dashboardFiles,
  alertFiles
]

/** The generated files that differ from what lies in the tree. */
export async function staleFiles (root: string): Promise<readonly GeneratedFile[]> {
  const files = (await Promise.all(generators.map(async generate => await generate(root)))).flat()
  return files.filter(({ path, content }) => textOf(join(root, path)) !== content)
}

function textOf (path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '../..')
  const check = process.argv.includes('--check')
  const stale = await staleFiles(root)
  for (const { path, content } of stale) {
    if (check) process.stderr.write(`${path} is stale: run \`npm run generate\`\n`)
    else {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), content)
      process.stdout.write(`wrote ${path}\n`)
    }
  }
  if (stale.length === 0) process.stdout.write('every generated file is up to date\n')
  process.exitCode = check && stale.length > 0 ? 1 : 0
}
