import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { envSchema } from 'env-schema'
import { Type, type Static } from 'typebox'
import { OpsError } from './errors.ts'
import { type ApiSettings, apiSettings, groupApi } from './api-settings.ts'
import { type CarrierSettings, groupCarriers } from './carrier-settings.ts'
import { type IdentitySettings, groupIdentity, identitySettings } from './identity-settings.ts'
import { type KafkaSettings, groupKafka, kafkaSettings } from './kafka-settings.ts'
import { type NotificationSettings, groupNotifications, notificationSettings } from './notification-settings.ts'
import { type PaymentSettings, groupPayments } from './payment-settings.ts'
import { type PersonalSettings, groupPersonal, personalSettings } from './personal-settings.ts'
import { type RedisSettings, groupRedis } from './redis-settings.ts'
import { type WebhookSettings, groupWebhooks, webhookSettings } from './webhook-settings.ts'
import { type TelemetrySettings, groupTelemetry, telemetrySettings } from './telemetry-settings.ts'

const port = (value: number, description: string) => Type.Integer({ description, default: value, minimum: 1, maximum: 65535, unit: 'TCP port' })
const text = (value: string, description: string, unit = 'text') => Type.String({ description, default: value, unit })
const whole = (value: number, unit: string, minimum: number, description: string) => Type.Integer({ description, default: value, minimum, unit })

/**
 * Every setting of the platform: name of the environment variable, meaning, unit, range, default. `.env.example` and
 * docs/configuration.md are generated from it; nothing else reads the environment.
 */
export const settings = Type.Object({
  COMMERCE_PROVIDER: Type.Enum(['auto', 'docker', 'local', 'memory'], {
    description: 'Where the broker, the registry, Redis and ClickHouse come from. `auto` takes Docker where an engine answers, else local processes where Java and Maven are found, else memory.',
    default: 'auto',
    unit: 'name'
  }),
  COMMERCE_DATA_DIR: text('.data', 'Folder of everything that outlives a run: data, logs and pid files of the stack.', 'path'),
  COMMERCE_CACHE_DIR: text('.cache/stack', 'Folder of the downloaded programs of the local provider; may be deleted at any time while the stack is down.', 'path'),
  COMMERCE_HOST: text('127.0.0.1', 'Address that the API and every service of the stack bind to. Anything but a loopback address opens them to the network.', 'address'),
  COMMERCE_KAFKA_PORT: port(19092, 'Port of the broker.'),
  COMMERCE_KAFKA_CONTROLLER_PORT: port(19093, 'Port of the controller of the local broker.'),
  COMMERCE_KAFKA_PEER_PORTS: text(
    '19094,19095,19096,19097', 'Ports of the second and third local broker, where there are three: broker, controller, broker, controller.', 'list of four TCP ports'
  ),
  COMMERCE_REGISTRY_PORT: port(18081, 'Port of the schema registry.'),
  COMMERCE_REDIS_PORT: port(16379, 'Port of Redis.'),
  COMMERCE_CLICKHOUSE_PORT: port(18123, 'HTTP port of ClickHouse.'),
  COMMERCE_GATEWAY_PORT: port(18090, 'Port of the embedded payment gateway.'),
  COMMERCE_CONSOLE_PORT: port(18080, 'Port of Redpanda Console (provider docker only).'),
  COMMERCE_API_PORT: port(8080, 'Port of the API.'),
  COMMERCE_METRICS_PORT: port(9464, 'Port of the Prometheus metrics.'),
  COMMERCE_BROKERS: text('', 'Brokers of your own, host:port separated by commas. When set, the stack starts no broker.', 'list'),
  ...kafkaSettings,
  COMMERCE_REGISTRY_URL: text('', 'Schema registry of your own (Confluent API). When set, the stack starts none.', 'URL'),
  COMMERCE_REDIS_URL: Type.String({
    description: 'Redis of your own, redis://… or rediss://… (TLS); nodes of a Redis Cluster separated by commas. When set, the stack starts none. It must not evict (maxmemory-policy noeviction).',
    default: '',
    pattern: '^(rediss?://[^\\s,]+(\\s*,\\s*rediss?://[^\\s,]+)*)?$',
    unit: 'URL'
  }),
  COMMERCE_REDIS_USER: text('', 'User (ACL) for Redis; empty: the one in the URL, else the default user.', 'name'),
  COMMERCE_REDIS_PASSWORD: text('', 'Password for Redis; empty: the one in the URL, else none.', 'secret'),
  COMMERCE_REDIS_CA_FILE: text('', 'File (PEM) of the certificate authority that Redis must be certified by, for rediss:// URLs. Empty: those that Node trusts.', 'path'),
  COMMERCE_CLICKHOUSE_URL: text('', 'ClickHouse of your own (HTTP interface). When set, the stack starts none.', 'URL'),
  COMMERCE_GATEWAY_URL: text('', 'Payment gateway of your own that speaks the embedded gateway\'s API. When set, the stack starts none.', 'URL'),
  COMMERCE_CLICKHOUSE_DATABASE: text('commerce', 'Database of the analytics tables.', 'name'),
  COMMERCE_CLICKHOUSE_USER: text('default', 'User for ClickHouse.', 'name'),
  COMMERCE_CLICKHOUSE_PASSWORD: text('', 'Password for ClickHouse.', 'secret'),
  COMMERCE_KAFKA_HEAP_MB: whole(512, 'MB', 256, 'Java heap of the local broker. Below 256 it fails under load.'),
  COMMERCE_KAFKA_NODES: Type.Enum(['auto', '1', '3'], {
    description: 'Brokers that the local provider runs. Three keep three copies of every topic and go on when one is lost; each takes 150 MB and its heap. `auto`: as many as the data folder was made with, one in a new folder.',
    default: 'auto',
    unit: 'count'
  }),
  COMMERCE_REGISTRY_HEAP_MB: whole(256, 'MB', 128, 'Java heap of the local schema registry.'),
  COMMERCE_STACK_TIMEOUT_MS: whole(120_000, 'ms', 1000, 'How long one service of the stack may take to become healthy.'),
  COMMERCE_IN_FLIGHT: whole(500, 'orders', 1, 'How many orders `npm start` keeps open at a time while it plays orders in.'),
  COMMERCE_RECONCILE_MS: whole(60_000, 'ms', 0, 'How often a process with the API holds ClickHouse against the topics, and asks it for the figures of the orders. 0 never does: for all but one of several.'),
  COMMERCE_LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
    description: 'Least severe log line that is written.', default: 'info', unit: 'level'
  }),
  COMMERCE_PAYMENT_PROVIDER: Type.Enum(['embedded', 'stripe'], {
    description: 'Who moves the money: the embedded gateway (or one that speaks its API, COMMERCE_GATEWAY_URL), or Stripe.', default: 'embedded', unit: 'name'
  }),
  COMMERCE_STRIPE_KEY: text('', 'Secret or restricted key of the Stripe account: sk_… or rk_…. Needed with provider stripe.', 'secret'),
  COMMERCE_STRIPE_URL: text('https://api.stripe.com', 'Base URL of the Stripe API; plain http only to a loopback address, e.g. of stripe-mock.', 'URL'),
  COMMERCE_CALLBACK_SECRETS: text('', 'Secrets that sign the callbacks of the payment provider (whsec_…), separated by commas: two while one is changed. The embedded gateway\'s own is always believed.', 'secrets'),
  COMMERCE_CALLBACK_TOLERANCE_S: whole(300, 's', 1, 'How far the time in the signature of a callback may be from ours.'),
  COMMERCE_GATEWAY_CALLBACKS: Type.Enum(['none', 'late', 'all'], {
    description: 'Of which steps the embedded gateway tells by itself: `late` of those whose answer comes late or never. `all` costs a request for each step.', default: 'late', unit: 'name'
  }),
  COMMERCE_PAYMENTS_RECONCILE_MS: whole(600_000, 'ms', 0, 'How often a process with the API holds all payments against the books of their provider. 0 never does: for all but one of several.'),
  COMMERCE_CARRIER_DAY_MS: whole(200, 'ms', 0, 'How long a day of the embedded carrier lasts. 0: carriers are real, and shipments move only when somebody tells so.'),
  COMMERCE_CARRIER_PICKUP_MS: whole(0, 'ms', 0, 'How long after its creation the embedded carrier picks a shipment up: the time in which it can be stopped. 0: it takes only what is handed over.'),
  COMMERCE_CARRIER_SECRETS: text('', 'Secrets that sign the callbacks of carriers (whsec_…), separated by commas: two while one is changed. Empty: they are refused.', 'secrets'),
  COMMERCE_RISK_ACTIVITY_LIMIT: whole(2_000, 'currency units', 0, 'A customer whose orders come to this much within an hour, or more, is looked at by a person before money is asked for; in units of the currency of the order. 0 never does that.'),
  COMMERCE_PAYMENT_FEE_BP: Type.Integer({
    description: 'What the payment provider charges of every capture, as the ledger books it. A change counts for captures that are booked from then on.',
    default: 0,
    minimum: 0,
    maximum: 10_000,
    unit: '1/100 %'
  }),
  COMMERCE_TOKEN_KEY_FILE: text('', 'File of the Ed25519 private keys (a JWK set, or one JWK) that sign access tokens. Empty: a key is made in the data folder at first use.', 'path'),
  COMMERCE_TOKEN_ISSUER: text('commerce-streams', 'Issuer (iss) of access tokens.'),
  COMMERCE_TOKEN_AUDIENCE: text('commerce-api', 'Audience (aud) that access tokens must name.'),
  COMMERCE_TOKEN_TTL_S: whole(900, 's', 60, 'Life of an access token.'),
  ...identitySettings,
  ...apiSettings,
  ...notificationSettings,
  ...webhookSettings,
  ...personalSettings,
  ...telemetrySettings
})

/** The settings as they are given. */
export type Settings = Static<typeof settings>

/** A setting by the name of its environment variable. */
export type SettingName = keyof Settings

export type ProviderChoice = 'auto' | 'docker' | 'local' | 'memory'
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent'

/** The settings, grouped and typed; deep-frozen. Paths are absolute. An absent `external` entry means: the stack provides it. */
export interface Config {
  readonly provider: ProviderChoice
  readonly dataDir: string
  readonly cacheDir: string
  readonly host: string
  readonly inFlight: number
  readonly reconcileMs: number
  readonly logLevel: LogLevel
  readonly ports: {
    readonly kafka: number
    readonly kafkaController: number
    /** Broker and controller of the second and third node. */
    readonly kafkaPeers: readonly number[]
    readonly registry: number
    readonly redis: number
    readonly clickhouse: number
    readonly gateway: number
    readonly console: number
    readonly api: number
    readonly metrics: number
  }
  readonly external: {
    readonly brokers?: readonly string[]
    readonly registryUrl?: string
    readonly redisUrl?: string
    readonly clickhouseUrl?: string
    readonly gatewayUrl?: string
  }
  /** `kafkaNodes` undefined: as many as the data folder was made with, one in a new folder. */
  readonly stack: { readonly kafkaHeapMb: number, readonly kafkaNodes: 1 | 3 | undefined, readonly registryHeapMb: number, readonly timeoutMs: number }
  readonly kafka: KafkaSettings
  readonly redis: RedisSettings
  readonly clickhouse: { readonly database: string, readonly user: string, readonly password: string }
  readonly payments: PaymentSettings
  /** In 1/10,000 of the currency's unit; 0 = there is no such limit. */
  readonly risk: { readonly activityLimit: bigint }
  readonly carriers: CarrierSettings
  readonly notifications: NotificationSettings
  readonly token: { readonly keyFile: string, readonly issuer: string, readonly audience: string, readonly ttlS: number }
  readonly identity: IdentitySettings
  readonly api: ApiSettings
  readonly webhooks: WebhookSettings
  readonly personal: PersonalSettings
  readonly telemetry: TelemetrySettings
}

/** Values that win over the environment: what the command line says. Undefined entries are ignored. */
export type Overrides = { readonly [Name in SettingName]?: string | number | undefined }

export interface ConfigSource {
  /** @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The file read before the environment; a missing one is ignored; false reads none. @default '.env' in the working directory */
  readonly file?: string | false
  readonly overrides?: Overrides
}

/**
 * Reads and checks the configuration: overrides, then the environment, then the `.env` file, then defaults. An empty variable
 * counts as not set.
 *
 * @throws {OpsError} OPS_CONFIG_INVALID naming every wrong setting.
 */
export function loadConfig (source: ConfigSource = {}): Config {
  const data = { ...present(source.env ?? process.env), ...present(source.overrides ?? {}) }
  try {
    const values = envSchema<Settings>({
      schema: structuredClone(settings),
      data,
      env: false,
      dotenv: source.file === false ? false : { path: source.file ?? '.env' },
      ajv: { customOptions: ajv => ajv.addKeyword('unit') }
    })
    return freeze(group(values))
  } catch (error) {
    throw new OpsError('OPS_CONFIG_INVALID', { problem: problemOf(error) }, error)
  }
}

/** What is wrong, by the name of the setting; never its value, which may be a secret. */
function problemOf (error: unknown): string {
  const { errors = [], message } = error as Error & { readonly errors?: ReadonlyArray<{ readonly params: { readonly allowedValues?: readonly string[] } }> }
  const [allowed] = errors.flatMap(({ params }) => params.allowedValues === undefined ? [] : [` (${params.allowedValues.join(', ')})`])
  return `${message.replaceAll('env/', '')}${allowed ?? ''}`
}

/** A line for each name that begins as a setting and is none: misspelt, or of another release. It has no effect, and nothing else would tell. */
export function strangeSettings ({ env = process.env, file = '.env' }: ConfigSource = {}): readonly string[] {
  const written = file === false || !existsSync(file) ? {} : parseEnv(readFileSync(file, 'utf8'))
  const names = new Set([...Object.keys(env), ...Object.keys(written)])
  return [...names].filter(name => name.startsWith('COMMERCE_') && !(name in settings.properties)).sort()
    .map(name => `${name} is no setting of this release and has no effect: docs/configuration.md lists all`)
}

/**
 * The environment of a child process: what programs need to find their files, and nothing that belongs to the platform, to npm
 * or to a test runner. Java is found in JAVA_HOME too, after PATH.
 */
export function childEnvironment (): Record<string, string> {
  const kept = ['PATH', 'HOME', 'USER', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'JAVA_HOME', 'LD_LIBRARY_PATH', 'MAVEN_OPTS', 'MAVEN_ARGS', 'GOPROXY', 'GOSUMDB', 'GOFLAGS', 'GOCACHE', 'GOMODCACHE', 'DOCKER_HOST', 'DOCKER_CONTEXT',
    'http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']
  const env = Object.fromEntries(kept.flatMap(name => process.env[name] === undefined ? [] : [[name, process.env[name]]])) as Record<string, string>
  const { PATH = '', JAVA_HOME } = env
  return JAVA_HOME === undefined ? env : { ...env, PATH: [PATH, join(JAVA_HOME, 'bin')].filter(part => part !== '').join(delimiter) }
}

function present (values: Readonly<Record<string, string | number | undefined>>): Record<string, string | number> {
  const kept: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(values)) if (value !== undefined && value !== '' && name in settings.properties) kept[name] = value
  return kept
}

function group (values: Settings): Config {
  const dataDir = resolve(values.COMMERCE_DATA_DIR)
  const brokers = values.COMMERCE_BROKERS.split(',').map(broker => broker.trim()).filter(broker => broker !== '')
  return {
    provider: values.COMMERCE_PROVIDER as ProviderChoice,
    dataDir,
    cacheDir: resolve(values.COMMERCE_CACHE_DIR),
    host: values.COMMERCE_HOST,
    inFlight: values.COMMERCE_IN_FLIGHT,
    reconcileMs: values.COMMERCE_RECONCILE_MS,
    logLevel: values.COMMERCE_LOG_LEVEL as LogLevel,
    ports: {
      kafka: values.COMMERCE_KAFKA_PORT,
      kafkaController: values.COMMERCE_KAFKA_CONTROLLER_PORT,
      kafkaPeers: fourPorts(values.COMMERCE_KAFKA_PEER_PORTS),
      registry: values.COMMERCE_REGISTRY_PORT,
      redis: values.COMMERCE_REDIS_PORT,
      clickhouse: values.COMMERCE_CLICKHOUSE_PORT,
      gateway: values.COMMERCE_GATEWAY_PORT,
      console: values.COMMERCE_CONSOLE_PORT,
      api: values.COMMERCE_API_PORT,
      metrics: values.COMMERCE_METRICS_PORT
    },
    external: {
      ...(brokers.length === 0 ? {} : { brokers }),
      ...(values.COMMERCE_REGISTRY_URL === '' ? {} : { registryUrl: values.COMMERCE_REGISTRY_URL }),
      ...(values.COMMERCE_REDIS_URL === '' ? {} : { redisUrl: values.COMMERCE_REDIS_URL }),
      ...(values.COMMERCE_CLICKHOUSE_URL === '' ? {} : { clickhouseUrl: values.COMMERCE_CLICKHOUSE_URL }),
      ...(values.COMMERCE_GATEWAY_URL === '' ? {} : { gatewayUrl: values.COMMERCE_GATEWAY_URL })
    },
    stack: {
      kafkaHeapMb: values.COMMERCE_KAFKA_HEAP_MB,
      kafkaNodes: ({ auto: undefined, 1: 1, 3: 3 } as const)[values.COMMERCE_KAFKA_NODES as 'auto' | '1' | '3'],
      registryHeapMb: values.COMMERCE_REGISTRY_HEAP_MB,
      timeoutMs: values.COMMERCE_STACK_TIMEOUT_MS
    },
    kafka: groupKafka(values, dataDir),
    redis: groupRedis(values),
    clickhouse: { database: values.COMMERCE_CLICKHOUSE_DATABASE, user: values.COMMERCE_CLICKHOUSE_USER, password: values.COMMERCE_CLICKHOUSE_PASSWORD },
    payments: groupPayments(values, dataDir),
    risk: { activityLimit: BigInt(values.COMMERCE_RISK_ACTIVITY_LIMIT) * 10_000n },
    carriers: groupCarriers(values),
    notifications: groupNotifications(values),
    token: {
      keyFile: values.COMMERCE_TOKEN_KEY_FILE === '' ? resolve(dataDir, 'keys/token.jwk') : resolve(values.COMMERCE_TOKEN_KEY_FILE),
      issuer: values.COMMERCE_TOKEN_ISSUER,
      audience: values.COMMERCE_TOKEN_AUDIENCE,
      ttlS: values.COMMERCE_TOKEN_TTL_S
    },
    identity: groupIdentity(values, dataDir),
    api: groupApi(values),
    webhooks: groupWebhooks(values, dataDir),
    personal: groupPersonal(values, dataDir),
    telemetry: groupTelemetry(values)
  }
}

function fourPorts (list: string): readonly number[] {
  const ports = list.split(',').map(Number)
  const isGood = ports.length === 4 && new Set(ports).size === 4 && ports.every(each => Number.isInteger(each) && each >= 1 && each <= 65_535)
  if (!isGood) throw new Error('COMMERCE_KAFKA_PEER_PORTS must be four different TCP ports, separated by commas')
  return ports
}

function freeze<T extends object> (value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) freeze(part)
  return Object.freeze(value)
}
