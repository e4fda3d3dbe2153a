/** What the platform stands on, whoever provides it. */

/** The services of a stack, in the order they are started. */
export const serviceNames = ['kafka', 'registry', 'redis', 'clickhouse', 'gateway'] as const
export type ServiceName = typeof serviceNames[number]

/** The processes of the local provider: one a service, but for the broker, which may be three. */
export const processNames = ['kafka', 'kafka-2', 'kafka-3', 'registry', 'redis', 'clickhouse', 'gateway'] as const
export type ProcessName = typeof processNames[number]

/** Every process that a service may consist of; the first one has its name. */
export function processesOf (name: ServiceName): readonly ProcessName[] {
  return name === 'kafka' ? ['kafka', 'kafka-2', 'kafka-3'] : [name]
}

/** Where the services answer. `brokers` is host:port; the registry URL is the base of the Confluent API. */
export interface Endpoints {
  readonly brokers: readonly string[]
  readonly registryUrl: string
  readonly redisUrl: string
  readonly clickhouseUrl: string
  readonly gatewayUrl: string
}

/** What every running stack tells and can do. */
export interface Running {
  /** Version by service name; `external` for a service that was configured by URL. */
  readonly versions: Readonly<Record<string, string>>
  /** The services that this call started; those found running are not listed. */
  readonly started: readonly ServiceName[]
  /** Ends what this call started, in reverse order, and leaves alone what it found running. Safe to call twice. */
  stop (): Promise<void>
}

/** A stack of real services. */
export interface ServiceStack extends Running {
  /** Why this provider was taken, for people. */
  readonly reason: string
  readonly provider: 'docker' | 'local' | 'external'
  readonly endpoints: Endpoints
}

/** Broker, registry and Redis are objects inside the process; only these two are processes. Nothing is durable. */
export interface MemoryStack extends Running {
  readonly reason: string
  readonly provider: 'memory'
  readonly endpoints: Pick<Endpoints, 'clickhouseUrl' | 'gatewayUrl'>
}

export type Stack = ServiceStack | MemoryStack

/** Takes one line of progress for people. */
export type Report = (line: string) => void
