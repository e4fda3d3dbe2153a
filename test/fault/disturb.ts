import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '../../ops/play/random.ts'
import { type Played } from './expect.ts'
import { type TransactionWatch } from './open-transactions.ts'
import { type Progress } from './progress.ts'
import { type Scene } from './scene.ts'

export const kinds = ['kill', 'flush'] as const
/** kill: SIGKILL of the processor process while a transaction is open, and a new one. flush: Redis loses everything. */
export type Kind = typeof kinds[number]

/** What is done, and when: at that many settled orders. */
export interface Disturbance { readonly kind: Kind, readonly atSettled: number }

/** What a disturbance needs of the run that it disturbs. */
export interface Stage { readonly scene: Scene, readonly progress: Progress, readonly transactions: TransactionWatch }

/** What was seen when it was done. */
export interface Disturbed extends Disturbance {
  readonly settled: number
  /** Partitions with an open transaction at that moment. */
  readonly openTransactions: number
  /** From the disturbance to the next order event, ms. */
  readonly backAfterMs: number
}

/** The share of the orders in which disturbances happen. */
const from = 0.1
const to = 0.9

/** Points spread over 10 % to 90 % of the orders, one in each equal part, by the seed alone. */
export function plan (kindsInOrder: readonly Kind[], { orders, seed }: Played): Disturbance[] {
  const random = createRandom(`${seed}/disturbances/${kindsInOrder.join()}`)
  const part = (to - from) / kindsInOrder.length
  return kindsInOrder.map((kind, at) => ({ kind, atSettled: Math.round(orders * (from + part * (at + random.unit()))) }))
}

/** Waits for the point of each disturbance in turn, and does it. */
export async function disturb (disturbances: readonly Disturbance[], { scene, progress, transactions }: Stage): Promise<Disturbed[]> {
  const done: Disturbed[] = []
  for (const disturbance of disturbances) {
    await progress.reached(disturbance.atSettled)
    const openTransactions = await stopWithOpenTransaction(scene, transactions)
    const settled = progress.settled
    const atMs = Date.now()
    if (disturbance.kind === 'kill') {
      await scene.processor.kill()
      await scene.startProcessor()
    } else {
      await flushAll(scene.redisPort)
      scene.processor.signal('SIGCONT')
    }
    done.push({ ...disturbance, settled, openTransactions, backAfterMs: await progress.eventAfter(atMs) - atMs })
  }
  return done
}

/** Freezes the processor process at a moment at which a transaction of it is open, and returns in how many partitions. */
async function stopWithOpenTransaction (scene: Scene, transactions: TransactionWatch): Promise<number> {
  for (;;) {
    scene.processor.signal('SIGSTOP')
    const count = await transactions.count()
    if (count > 0) return count
    scene.processor.signal('SIGCONT')
    await sleep(5)
  }
}

/** Redis forgets everything, as after a failover to an empty replica. */
export async function flushAll (port: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port })
  await once(socket, 'connect')
  socket.write('FLUSHALL\r\n')
  const [answer] = await once(socket, 'data') as [Buffer]
  socket.destroy()
  if (!answer.toString().startsWith('+OK')) throw new Error(`Redis answered ${answer.toString()}`)
}
