import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import { ask, javaMajor, javaVersion } from '../../../ops/stack/facts.ts'
import { runMaven } from '../../../ops/stack/maven.ts'
import { cpuSecondsOf, rssMbOf } from '../machine.ts'
import { type Contender } from './contender.ts'
import { type CycleFigures, CycleLog } from './cycle-log.ts'

/** Settings under the names that Kafka Streams has for them; what is not here has its default. */
export type KafkaStreamsSettings = Readonly<Record<string, string | number>>

const sources = join(import.meta.dirname, '../rivals/kafka-streams')
const ARTIFACT = 'the Kafka Streams rival (90 MB)'
const OLDEST_JAVA = 17

/**
 * Makes the Kafka Streams program ready in the cache folder: built by Maven, once for each state of its sources. Answers its folder, or
 * why it cannot take part.
 */
export async function buildKafkaStreams (cacheDir: string, report: (line: string) => void): Promise<{ readonly dir: string } | { readonly missing: string }> {
  const java = javaVersion((await ask('java', ['-version'])).text)
  if (java === undefined || javaMajor(java) < OLDEST_JAVA) return { missing: `it needs Java ${OLDEST_JAVA} or later, and ${java ?? 'none'} was found` }
  const dir = join(cacheDir, `kafka-streams-hop-${hashOf(sources)}`)
  if (existsSync(dir)) return { dir }
  const draft = `${dir}.part-${process.pid}`
  try {
    report('building the Kafka Streams rival by Maven, once')
    await runMaven({
      artifact: ARTIFACT,
      args: ['-B', '-f', join(sources, 'pom.xml'), `-Dinto=${draft}`, 'compiler:compile', 'dependency:copy-dependencies'],
      log: join(cacheDir, 'maven-kafka-streams.log')
    }, report)
    if (!existsSync(dir)) renameSync(draft, dir)
    return { dir }
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) }
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

function hashOf (folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).sort()) hash.update(`${name}\n`).update(readFileSync(join(folder, name)))
  return hash.digest('hex').slice(0, 12)
}

/** What every application of Kafka Streams is told of its job. */
export interface KafkaStreamsJob {
  readonly brokers: readonly string[]
  readonly application: string
  readonly stateDir: string
  /** Records that wait in the input; 0 = they come one by one, without end. */
  readonly records: number
}

/**
 * Starts a program in `dir` with its own arguments and the settings of Kafka Streams, and resolves when it has all partitions. It says a
 * line for each transaction; what that comes to is counted here, beside it.
 *
 * @throws {Error} when it ends before.
 */
export async function startKafkaStreams (dir: string, program: 'Hop' | 'Saga', settings: KafkaStreamsSettings, job: KafkaStreamsJob): Promise<Contender> {
  const general = { 'application.id': job.application, 'bootstrap.servers': job.brokers.join(), 'state.dir': job.stateDir }
  const child = spawn('java', [
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', [join(dir, 'classes'), join(dir, 'libs', '*')].join(delimiter), program,
    ...Object.entries({ ...general, ...settings }).map(([name, value]) => `${name}=${value}`)
  ], { stdio: ['pipe', 'pipe', 'inherit'] })
  const pid = child.pid ?? 0
  const log = new CycleLog(job.records, { cpuMicroseconds: () => cpuSecondsOf(pid) * 1e6, rssMb: () => rssMbOf(pid) })
  const ready = Promise.withResolvers<void>()
  const done = Promise.withResolvers<CycleFigures>()
  done.promise.catch(() => {})
  const fail = (error: Error): void => {
    ready.reject(error)
    done.reject(error)
  }
  child.once('error', fail).once('exit', code => { fail(new Error(`${job.application} ended with ${code}`)) })
  child.stdin.on('error', () => {}) // it has ended: that is told above
  createInterface({ input: child.stdout }).on('line', line => {
    const [kind, records, tookMs] = line.split(' ')
    if (kind === 'ready') ready.resolve()
    if (kind === 'cycle') log.cycle(Number(records), Number(tookMs))
    if (log.isComplete) done.resolve(log.figures())
  })
  await ready.promise
  return {
    pid,
    done: done.promise,
    restart: () => { log.restart() },
    report: async () => log.figures(),
    stop: async () => {
      const ended = once(child, 'exit')
      child.stdin.end()
      await ended
    },
    kill: () => { child.kill('SIGKILL') }
  }
}
