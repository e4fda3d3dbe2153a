import { findCycles, type SourceFile } from './import-graph.ts'

/** Which folders a folder may import from, apart from itself. Nothing points upwards: streams ← sinks, topology ← api ← ops. */
export const allowedFolders: Readonly<Record<string, readonly string[]>> = {
  streams: [],
  schemas: ['streams'],
  topology: ['streams', 'schemas'],
  sinks: ['streams', 'schemas'],
  api: ['streams', 'schemas', 'topology', 'sinks'],
  ops: ['streams', 'schemas', 'topology', 'sinks', 'api'],
  test: ['streams', 'schemas', 'topology', 'sinks', 'api', 'ops']
}

/** Packages that only these folders may import: everybody else goes through the port behind which they stand. Tests are free. */
export const ownedPackages: Readonly<Record<string, readonly string[]>> = {
  kafkajs: ['streams/kafka/kafkajs/'],
  '@node-rs/crc32': ['streams/kafka/'],
  ioredis: ['streams/state/redis/'],
  avsc: ['streams/serde/', 'ops/codegen/'],
  '@kafkajs/confluent-schema-registry': ['streams/serde/', 'ops/codegen/'],
  '@clickhouse/client': ['sinks/clickhouse/', 'ops/'],
  nodemailer: ['sinks/notifications/'],
  'web-push': ['sinks/notifications/'],
  handlebars: ['sinks/notifications/'],
  chdb: ['ops/stack/clickhouse-front/'],
  fastify: ['api/', 'ops/'],
  'env-schema': ['ops/config.ts'],
  pino: ['ops/logger.ts'],
  standardwebhooks: ['sinks/webhooks/'],
  'ipaddr.js': ['sinks/webhooks/'],
  '@opentelemetry/api': ['ops/telemetry/'],
  '@opentelemetry/sdk-trace': ['ops/telemetry/'],
  '@opentelemetry/resources': ['ops/telemetry/'],
  '@opentelemetry/semantic-conventions': ['ops/telemetry/'],
  '@opentelemetry/exporter-trace-otlp-http': ['ops/telemetry/'],
  '@grafana/grafana-foundation-sdk': ['ops/observability/']
}

/** Files that may touch the environment: the configuration, and a process that sets up its own engine's threads. */
const environmentFiles = ['ops/config.ts', 'ops/stack/clickhouse-front/']

/** Longest source file and longest test file, lines; generated files are free. */
const longest = { source: 300, test: 400 } as const

/** Every breach of the borders, one line each, worst first. */
export function checkBorders (sources: readonly SourceFile[]): string[] {
  return [
    ...sources.flatMap(upwardImports),
    ...findCycles(sources).map(cycle => `${[...cycle, cycle[0]].join(' → ')}: an import cycle`),
    ...sources.filter(source => !isTest(source)).flatMap(foreignPackages),
    ...sources.filter(source => !isTest(source) && source.usesEnvironment && !isIn(source.path, environmentFiles))
      .map(({ path }) => `${path}: reads the environment; take it from ops/config.ts`),
    ...sources.filter(isTooLong).map(({ path, lines }) => `${path}: ${lines} lines; split it (one idea a file)`)
  ]
}

function upwardImports ({ path, files }: SourceFile): string[] {
  const own = topFolder(path)
  const allowed = [own, ...allowedFolders[own] ?? []]
  return files.filter(file => file.includes('/') && !allowed.includes(topFolder(file))).map(file => `${path}: must not import ${file} (${own}/ may use ${allowed.join(', ')})`)
}

function foreignPackages ({ path, packages }: SourceFile): string[] {
  return packages.flatMap(name => {
    const owners = ownedPackages[name]
    return owners === undefined || isIn(path, owners) ? [] : [`${path}: must not import ${name}; only ${owners.join(' and ')} may`]
  })
}

function isTooLong ({ path, lines }: SourceFile): boolean {
  return !path.includes('/generated/') && lines > (path.startsWith('test/') ? longest.test : longest.source)
}

function isTest ({ path }: SourceFile): boolean {
  return path.startsWith('test/')
}

function isIn (path: string, places: readonly string[]): boolean {
  return places.some(place => place.endsWith('/') ? path.startsWith(place) : path === place)
}

function topFolder (path: string): string {
  return path.split('/')[0] ?? ''
}
