import { type Report } from '../../ops/stack/stack.ts'
import { type Result } from './compare.ts'
import { type Disturbance, type Disturbed, disturb } from './disturb.ts'
import { type Play, Scene } from './scene.ts'

/** One run from start to end: what it came to, and what was done to it. */
export interface SceneRun { readonly result: Result, readonly disturbed: readonly Disturbed[], readonly faults: readonly string[] }

export interface SceneOptions {
  /** Empty folder of the run. */
  readonly folder: string
  readonly ports: readonly number[]
  readonly play: Play
  readonly disturbances: readonly Disturbance[]
  readonly report: Report
  /** Ends the run early; everything it started has ended when it rejects. */
  readonly signal: AbortSignal
}

/** Plays one run with its disturbances. Rejects when it cannot be played to its end; nothing of it runs any more either way. */
export async function runScene ({ folder, ports, play, disturbances, report, signal }: SceneOptions): Promise<SceneRun> {
  const scene = new Scene(folder, ports, report)
  let faults: readonly string[] = []
  try {
    const played = await untilAborted(signal, async () => {
      await scene.open()
      const kafka = await scene.connect()
      const progress = await scene.follow(kafka, play)
      const transactions = scene.transactions()
      const player = scene.play(play)
      const disturbed = await Promise.race([disturb(disturbances, { scene, progress, transactions }), endedEarly(player.ended)])
      for (const { kind, settled, openTransactions, backAfterMs } of disturbed) {
        report(`  ${kind} at ${settled} of ${play.orders} orders, ${openTransactions} partitions with an open transaction; next order event after ${backAfterMs} ms`)
      }
      return { result: await scene.result(player, kafka), disturbed }
    })
    faults = await scene.close()
    return { ...played, faults }
  } finally {
    await scene.close()
  }
}

async function endedEarly (ended: Promise<number | NodeJS.Signals>): Promise<never> {
  const code = await ended
  throw new Error(`the player ended with ${code} before every disturbance was done`)
}

/** The result of `work`, or the signal's reason as soon as it aborts. */
export async function untilAborted<T> (signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([work(), aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
