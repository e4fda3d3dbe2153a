import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import { changelogNames, initialiseTasks, systemClock, taskKey } from '#streams'
import { createRedisBackend } from '../../streams/state/redis/index.ts'
import { medians } from './hop/figures.ts'
import { countOf, type HopJob, hopTopology, NODE } from './hop/job.ts'
import { openScene } from './hop/scene.ts'
import { machineFacts } from './machine.ts'
import { Flow } from './recovery/flow.ts'
import { nowMs } from './recovery/steps.ts'
import { WorkerProcess } from './recovery/worker-process.ts'

/** How soon a killed process, and a flushed Redis, are back; what is measured, how, and what not: README.md. */
const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '1000000' },
    partitions: { type: 'string', default: '4' },
    rate: { type: 'string', default: '1000' },
    kills: { type: 'string', default: '5' },
    flushes: { type: 'string', default: '3' },
    'cpu-prof': { type: 'string' }
  }
})
const [keys, partitions, rate, kills, flushes] = (['keys', 'partitions', 'rate', 'kills', 'flushes'] as const)
  .map(name => Number(values[name])) as [number, number, number, number, number]
/** How long the worker is left alone before each kill and flush, ms: it is at work then, at no moment in particular. */
const CALM_MS = [1000, 2000] as const

/** From the kill to the moment named, ms; the steps between are what it consists of. */
interface KillFigures {
  readonly firstCommitMs: number
  readonly allTasksCommittedMs: number
  readonly replayedRecords: number
  readonly steps: {
    /** The old process is gone and the new one has loaded its code. */
    readonly processMs: number
    readonly connectMs: number
    readonly joinMs: number
    /** From the assignment to the first task that is acquired. */
    readonly acquireMs: number
    readonly commitMs: number
  }
}

interface FlushFigures {
  /** How long Redis was busy with forgetting everything; it answers nobody meanwhile. */
  readonly flushMs: number
  /** From the flush to the first task that knows. */
  readonly noticedMs: number
  /** From there until the last task has its state again. */
  readonly rebuildMs: number
  readonly keysPerSecond: number
  readonly replayedRecords: number
  readonly replayedRecordsPerSecond: number
  /** From the flush until the first, and every, task has committed again. */
  readonly firstCommitMs: number
  readonly allTasksCommittedMs: number
}

function say (line: string): void {
  process.stderr.write(`${line}\n`)
}

const span = (from: number, to: number): number => Number((to - from).toFixed(1))
const perSecond = (count: number, ms: number): number => Math.round(count / ms * 1000)

async function calm (): Promise<void> {
  const [shortest, longest] = CALM_MS
  await systemClock.sleep(shortest + Math.random() * (longest - shortest))
}

async function kill (worker: WorkerProcess): Promise<KillFigures> {
  await calm()
  const recovery = worker.watch()
  const killedMs = nowMs()
  await worker.kill()
  worker.start()
  await Promise.race([recovery.whole, worker.failed])
  const [loaded, connected, assigned, acquired, committed] = (['loaded', 'connected', 'assigned', 'acquired', 'committed'] as const).map(step => recovery.first(step)) as
    [number, number, number, number, number]
  return {
    firstCommitMs: span(killedMs, committed),
    allTasksCommittedMs: span(killedMs, recovery.last('committed')),
    replayedRecords: recovery.replayedRecords,
    steps: {
      processMs: span(killedMs, loaded),
      connectMs: span(loaded, connected),
      joinMs: span(connected, assigned),
      acquireMs: span(assigned, acquired),
      commitMs: span(acquired, committed)
    }
  }
}

async function flush (worker: WorkerProcess, redis: Redis): Promise<FlushFigures> {
  await calm()
  const recovery = worker.watch()
  const flushedMs = nowMs()
  await redis.flushall('SYNC')
  const flushMs = span(flushedMs, nowMs())
  await Promise.race([recovery.whole, worker.failed])
  const lost = recovery.first('lost')
  const rebuildMs = span(lost, recovery.last('acquired'))
  return {
    flushMs,
    noticedMs: span(flushedMs, lost),
    rebuildMs,
    keysPerSecond: perSecond(keys, rebuildMs),
    replayedRecords: recovery.replayedRecords,
    replayedRecordsPerSecond: perSecond(recovery.replayedRecords, rebuildMs),
    firstCommitMs: span(flushedMs, recovery.first('committed')),
    allTasksCommittedMs: span(flushedMs, recovery.last('committed'))
  }
}

/** Every key must be in Redis with the count of its last output. */
async function verifyState (job: HopJob, counts: ReadonlyMap<string, number>): Promise<void> {
  const state = createRedisBackend({ url: job.redisUrl })
  let found = 0
  try {
    for (let partition = 0; partition < partitions; partition++) {
      const { rows } = await state.open(taskKey(job.application, NODE, partition)).rows('state')
      for (const [key, value] of rows) if (countOf(value) !== counts.get(key)) throw new Error(`${key} is ${countOf(value)} in Redis, and its last output ${counts.get(key)}`)
      found += rows.length
    }
  } finally {
    await state.close()
  }
  if (found !== keys || counts.size !== keys) throw new Error(`${found} keys in Redis, ${counts.size} in the output, of ${keys}`)
}

const scene = await openScene(say)
const redis = new Redis(scene.redisUrl)
const job: HopJob = {
  brokers: scene.brokers,
  redisUrl: scene.redisUrl,
  application: 'recovery',
  input: 'recovery-in',
  output: 'recovery-out',
  stateDir: scene.stateDir('recovery'),
  partitions,
  records: 0,
  cacheBytes: undefined
}
const worker = new WorkerProcess(job, values['cpu-prof'])
let flow: Flow | undefined
try {
  await scene.createInput(job.input, partitions)
  await scene.createOutputs(job)
  const { topology } = hopTopology(job)
  await initialiseTasks({ kafka: scene.kafka, topology, clock: systemClock, created: new Set(changelogNames(topology)) })
  await scene.preload(job.input, partitions, keys, keys)
  say(`${keys} keys in ${partitions} partitions, then ${rate} records/s; load ${machineFacts().load.join(' ')}`)
  flow = new Flow(scene.kafka, job, keys, keys)
  worker.start()
  await Promise.race([flow.settle(), worker.failed])
  say('every key has its state')
  flow.start(rate)
  const killed: KillFigures[] = []
  for (let round = 1; round <= kills; round++) {
    const result = await kill(worker)
    killed.push(result)
    const { steps: { processMs, connectMs, joinMs, acquireMs, commitMs } } = result
    say(`kill ${round}: first commit after ${result.firstCommitMs} ms (process ${processMs}, connect ${connectMs}, join ${joinMs}, acquire ${acquireMs}, commit ${commitMs}), ` +
      `every task after ${result.allTasksCommittedMs} ms; ${result.replayedRecords} records replayed`)
  }
  const flushed: FlushFigures[] = []
  for (let round = 1; round <= flushes; round++) {
    const result = await flush(worker, redis)
    flushed.push(result)
    say(`flush ${round}: took Redis ${result.flushMs} ms, noticed after ${result.noticedMs} ms, rebuilt in ${result.rebuildMs} ms: ${result.keysPerSecond} keys/s (${result.replayedRecordsPerSecond} records/s); ` +
      `first commit after ${result.firstCommitMs} ms, every task after ${result.allTasksCommittedMs} ms`)
  }
  await Promise.race([flow.settle(), worker.failed])
  await worker.stop()
  await verifyState(job, flow.counts)
  say(`${flow.sent} records in, as many out, in order for each of ${keys} keys; Redis agrees`)
  process.stdout.write(JSON.stringify({
    setting: { keys, partitions, rate, kills, flushes },
    records: flow.sent,
    kill: killed.length === 0 ? undefined : { medians: medians(killed), rounds: killed },
    flush: flushed.length === 0 ? undefined : { medians: medians(flushed), rounds: flushed }
  }) + '\n')
} finally {
  flow?.close()
  await worker.kill()
  redis.disconnect()
  await scene.close()
}
