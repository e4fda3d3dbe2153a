import { type ProviderChoice } from '../config.ts'
import { OpsError } from '../errors.ts'
import { isUsableRedis, javaMajor, type Facts } from './facts.ts'
import { type ServiceName } from './stack.ts'

/** The oldest Java that Apache Kafka 4 runs on. */
export const oldestJava = 17

/** A provider, and why it was taken, for people. */
export interface Choice { readonly provider: 'docker' | 'local' | 'memory', readonly reason: string }

/**
 * Which provider to take. Pure. `cached` names the programs that are downloaded already: they need no Maven.
 *
 * @throws {OpsError} when a provider was asked for by name and cannot run: OPS_DOCKER_UNAVAILABLE, OPS_JAVA_MISSING, OPS_JAVA_TOO_OLD, OPS_MAVEN_MISSING.
 */
export function chooseProvider (asked: ProviderChoice, facts: Facts, names: readonly ServiceName[], cached: ReadonlySet<ServiceName>): Choice {
  const obstacle = localObstacle(facts, names, cached)
  switch (asked) {
    case 'memory': return { provider: 'memory', reason: 'asked for' }
    case 'docker':
      if (facts.docker === undefined) throw new OpsError('OPS_DOCKER_UNAVAILABLE', { problem: facts.dockerProblem ?? 'unknown' })
      return { provider: 'docker', reason: `asked for, engine ${facts.docker}` }
    case 'local':
      if (obstacle !== undefined) throw obstacle
      return { provider: 'local', reason: 'asked for' }
    case 'auto':
      if (facts.docker !== undefined) return { provider: 'docker', reason: `Docker engine ${facts.docker} answers` }
      if (obstacle === undefined) return { provider: 'local', reason: `no Docker engine, but Java ${facts.java ?? 'is not needed'}` }
      return { provider: 'memory', reason: `no Docker engine, and ${obstacleInBrief(obstacle)}; nothing is kept` }
  }
}

/** What keeps these services from running as local processes; undefined when nothing does. */
export function localObstacle (facts: Facts, names: readonly ServiceName[], cached: ReadonlySet<ServiceName>): OpsError | undefined {
  if (names.some(name => name === 'kafka' || name === 'registry')) {
    if (facts.java === undefined) return new OpsError('OPS_JAVA_MISSING')
    if (javaMajor(facts.java) < oldestJava) return new OpsError('OPS_JAVA_TOO_OLD', { found: facts.java })
  }
  const fetched = names.find(name => !cached.has(name) && (name === 'kafka' || name === 'registry' || (name === 'redis' && !isUsableRedis(facts.redis))))
  if (fetched !== undefined && facts.maven === undefined) return new OpsError('OPS_MAVEN_MISSING', { artifact: fetched })
  return undefined
}

function obstacleInBrief (obstacle: OpsError): string {
  return obstacle.message.slice(0, obstacle.message.indexOf(' ('))
}
