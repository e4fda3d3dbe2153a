import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { OpsError } from '../errors.ts'
import { runCommand } from './command.ts'
import { ask, isUsableRedis, redisVersion } from './facts.ts'
import { withLock } from './lock-file.ts'
import { runMaven } from './maven.ts'
import { type Report, type ServiceName } from './stack.ts'
import { versions } from './versions.ts'
import { readZipEntry } from './zip.ts'

/** A program of the local provider: where it will lie, and how it gets there. */
interface Program {
  readonly folder: string
  /** For people, with its size. */
  readonly artifact: string
  /** Fills the empty folder `into`; `scratch` is a folder for temporary files. */
  fill (into: string, scratch: string): Promise<void>
}

const kafkaFolder = `kafka-${versions.kafka}`
const registryFolder = `registry-${versions.registry}`
const redisFolder = (version: string | undefined): string => `redis-${version ?? 'none'}`

/** Fetches what the local provider runs, by Maven into the cache folder, once; each program appears whole or not at all. */
export class Programs {
  readonly #cacheDir: string
  readonly #report: Report
  readonly #signal: AbortSignal | undefined

  constructor (cacheDir: string, report: Report, signal?: AbortSignal) {
    this.#cacheDir = cacheDir
    this.#report = report
    this.#signal = signal
  }

  /** The services whose program is here already. */
  cached (): ReadonlySet<ServiceName> {
    const folders: ReadonlyArray<readonly [ServiceName, string]> = [
      ['kafka', kafkaFolder], ['registry', registryFolder], ['redis', redisFolder(embeddedRedis(process.platform, process.arch)?.version)]
    ]
    return new Set(folders.filter(([, folder]) => existsSync(join(this.#cacheDir, folder))).map(([name]) => name))
  }

  /** Folder with Kafka's jars. */
  async kafka (): Promise<string> {
    return await this.#provide({
      folder: kafkaFolder,
      artifact: `Apache Kafka ${versions.kafka} (43 MB)`,
      fill: async (into, scratch) => {
        const pom = join(scratch, 'pom.xml')
        writeFileSync(pom, kafkaPom())
        await this.#maven(`Apache Kafka ${versions.kafka} (43 MB)`, ['-f', pom, ...goal('copy-dependencies'), `-DoutputDirectory=${into}`])
      }
    })
  }

  /** Folder of the unpacked schema registry. */
  async registry (): Promise<string> {
    const artifact = `Apicurio Registry ${versions.registry} (142 MB)`
    return await this.#provide({
      folder: registryFolder,
      artifact,
      fill: async (into, scratch) => {
        const coordinates = `io.apicurio:apicurio-registry-app:${versions.registry}:tar.gz:all`
        await this.#maven(artifact, [...goal('copy'), `-Dartifact=${coordinates}`, `-DoutputDirectory=${scratch}`])
        const unpacked = await runCommand('tar', ['-xzf', join(scratch, `apicurio-registry-app-${versions.registry}-all.tar.gz`), '-C', into], { signal: this.#signal })
        this.#signal?.throwIfAborted()
        if (!unpacked.ok) throw new OpsError('OPS_DOWNLOAD_FAILED', { artifact, problem: `tar could not unpack it: ${unpacked.text.trim().slice(-200)}`, log: scratch })
      }
    })
  }

  /** Path of a Redis server: the one in PATH if it is 6 or later, else a published binary. */
  async redis (): Promise<{ readonly command: string, readonly version: string }> {
    for (const command of ['redis-server', 'valkey-server']) {
      const version = redisVersion((await ask(command, ['--version'])).text)
      if (version !== undefined && isUsableRedis(version)) return { command, version }
    }
    const entry = embeddedRedis(process.platform, process.arch)
    if (entry === undefined) throw new OpsError('OPS_REDIS_MISSING', { platform: `${process.platform} ${process.arch}` })
    const artifact = `Redis ${entry.version} (12 MB)`
    const folder = await this.#provide({
      folder: redisFolder(entry.version),
      artifact,
      fill: async (into, scratch) => {
        const coordinates = `com.github.codemonstur:embedded-redis:${versions.embeddedRedis}:jar`
        await this.#maven(artifact, [...goal('copy'), `-Dartifact=${coordinates}`, `-DoutputDirectory=${scratch}`])
        const binary = readZipEntry(readFileSync(join(scratch, `embedded-redis-${versions.embeddedRedis}.jar`)), entry.name)
        if (binary === undefined) throw new OpsError('OPS_REDIS_MISSING', { platform: `${process.platform} ${process.arch}` })
        writeFileSync(join(into, 'redis-server'), binary)
        chmodSync(join(into, 'redis-server'), 0o755)
      }
    })
    return { command: join(folder, 'redis-server'), version: entry.version }
  }

  async #provide (program: Program): Promise<string> {
    const folder = join(this.#cacheDir, program.folder)
    if (existsSync(folder)) return folder
    const lock = join(this.#cacheDir, `${program.folder}.lock`)
    const onWait = (pid: number): void => this.#report(`waiting for pid ${pid}, which is fetching ${program.artifact}`)
    return await withLock(lock, { waitMs: 15 * 60_000, onWait, signal: this.#signal }, async () => {
      if (existsSync(folder)) return folder
      const startedAt = performance.now()
      const scratch = `${folder}.part`
      rmSync(scratch, { recursive: true, force: true })
      mkdirSync(join(scratch, 'whole'), { recursive: true })
      this.#report(`fetching ${program.artifact} by Maven, once`)
      await program.fill(join(scratch, 'whole'), scratch)
      renameSync(join(scratch, 'whole'), folder)
      rmSync(scratch, { recursive: true, force: true })
      this.#report(`${program.artifact} is there after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
      return folder
    })
  }

  async #maven (artifact: string, args: readonly string[]): Promise<void> {
    await runMaven({ artifact, args, log: join(this.#cacheDir, 'maven.log') }, this.#report, this.#signal)
  }
}

function goal (name: string): string[] {
  return [`org.apache.maven.plugins:maven-dependency-plugin:${versions.mavenDependencyPlugin}:${name}`]
}

/** Kafka's distribution adds the log4j binding of SLF4J by its build only; without it the broker would write no log. */
function kafkaPom (): string {
  const dependency = (group: string, artifact: string, version: string): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>kafka</artifactId><version>1</version>
<dependencies>
${dependency('org.apache.kafka', `kafka_${versions.scala}`, versions.kafka)}
${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', versions.log4j)}
</dependencies></project>
`
}

/** The entry of the embedded-redis jar for a platform (Node's names). */
export function embeddedRedis (platform: string, arch: string): { readonly name: string, readonly version: string } | undefined {
  const entries: Readonly<Record<string, string>> = {
    'linux x64': 'redis-server-6.2.6-v5-linux-amd64',
    'linux arm64': 'redis-server-6.2.7-linux-arm64',
    'linux ia32': 'redis-server-6.2.7-linux-386',
    'darwin x64': 'redis-server-6.2.6-v5-darwin-amd64',
    'darwin arm64': 'redis-server-6.2.6-v5-darwin-arm64'
  }
  const name = entries[`${platform} ${arch}`]
  return name === undefined ? undefined : { name, version: /(\d+\.\d+\.\d+)/.exec(name)?.[1] ?? '' }
}
