import { runCommand, type Answer } from './command.ts'
import { chdbVersion } from './services/clickhouse.ts'

/** What the machine offers; an absent entry is not there. Versions as the programs tell them. */
export interface Facts {
  readonly java?: string
  readonly maven?: string
  readonly redis?: string
  readonly docker?: string
  /** Why no Docker engine can be used. */
  readonly dockerProblem?: string
  readonly chdb?: string
}

/** Asks the machine; every question at once, none may take longer than five seconds. */
export async function gatherFacts (): Promise<Facts> {
  const [java, maven, redis, valkey, docker] = await Promise.all([
    ask('java', ['-version']), ask('mvn', ['--version']), ask('redis-server', ['--version']), ask('valkey-server', ['--version']), gatherDocker()
  ])
  const chdb = chdbVersion()
  return {
    ...entry('java', javaVersion(java.text)),
    ...entry('maven', mavenVersion(maven.text)),
    ...entry('redis', redisVersion(redis.text) ?? redisVersion(valkey.text)),
    ...entry('chdb', chdb),
    ...docker
  }
}

/** Asks for a Docker engine only. */
export async function gatherDocker (): Promise<Pick<Facts, 'docker' | 'dockerProblem'>> {
  const [engine, compose] = await Promise.all([ask('docker', ['info', '--format', '{{.ServerVersion}}']), ask('docker', ['compose', 'version', '--short'])])
  return dockerFacts(engine, compose)
}

/** A client without an engine, or without the compose plugin, is of no use. */
export function dockerFacts (engine: Answer, compose: Answer): Pick<Facts, 'docker' | 'dockerProblem'> {
  if (!engine.found) return { dockerProblem: 'the docker command is not installed' }
  if (!engine.ok) return { dockerProblem: 'the docker command finds no engine' }
  if (!compose.ok) return { dockerProblem: 'the compose plugin is not installed' }
  return { docker: engine.text.trim() }
}

/** `17.0.15` out of `openjdk version "17.0.15" 2025-04-15`. */
export function javaVersion (text: string): string | undefined {
  return /version "([^"]+)"/.exec(text)?.[1]
}

/** The major number: 17 of `17.0.15`, 8 of `1.8.0_292`, 25 of `25-ea`. */
export function javaMajor (version: string): number {
  const [first, second] = version.split(/[.\-_]/).map(Number)
  return first === 1 ? second ?? 0 : first ?? 0
}

export function mavenVersion (text: string): string | undefined {
  return /Apache Maven ([\w.-]+)/.exec(text)?.[1]
}

/** `7.0.15` out of `Redis server v=7.0.15 sha=…` or `Valkey server v=8.0.1 …`. */
export function redisVersion (text: string): string | undefined {
  return / v=(\d+\.\d+\.\d+)/.exec(text)?.[1]
}

/** True for a Redis that is new enough: 6 or later. */
export function isUsableRedis (version: string | undefined): boolean {
  return version !== undefined && Number.parseInt(version) >= 6
}

/** Asks a program, which may take five seconds. */
export async function ask (command: string, args: readonly string[]): Promise<Answer> {
  return await runCommand(command, args, { timeoutMs: 5000 })
}

function entry<Name extends string> (name: Name, value: string | undefined): { readonly [N in Name]?: string } {
  return value === undefined ? {} : { [name]: value } as { readonly [N in Name]?: string }
}
