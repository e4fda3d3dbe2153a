import { type Caught, type Failpoint, type Piece } from '../net/proxy.ts'
import { apis } from '../net/kafka-frames.ts'
import { type Stage } from '../stage/stage.ts'

/** The points of one cycle of a task at which its process is killed or frozen, in the order they are passed. */
export const moments = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7'] as const
export type Moment = typeof moments[number]

/** What each of them is. */
export const momentNames: Readonly<Record<Moment, string>> = {
  P1: 'input was answered, nothing is sent',
  P2: 'the records of a transaction are on their way',
  P3: 'they, the progress among them, are in the log, EndTxn is not sent',
  P4: 'EndTxn is sent, its answer is not there',
  P5: 'it is committed, nothing is applied to Redis',
  P6: 'the apply is on its way, its answer is not there',
  P7: 'the apply is done'
}

const transactionsOf = (processor: string) => (piece: Piece): boolean => piece.bytes.includes(`commerce.${processor}.`)
const isApi = (direction: Piece['direction'], api: number) => (piece: Piece): boolean => piece.direction === direction && piece.api === api
const isApply = (processor: string) => (direction: Piece['direction']) => ({ direction: at, bytes }: Piece): boolean =>
  at === direction && /evalsha/i.test(bytes.toString('latin1')) && bytes.includes(`{commerce:${processor}:`)

/**
 * Waits until a task of the processor is at that point, and holds it there: what it sent is held, or its answer. Resolves with what lets it
 * go on.
 */
export async function stopAt (moment: Moment, processor: string, { doors: { kafka, redis } }: Stage): Promise<Caught> {
  const ofProcessor = transactionsOf(processor)
  const up = (api: number, act: Failpoint['act']) => async (): Promise<Caught> => await kafka.catch(`${moment} of ${processor}`, { act, matches: piece => isApi('up', api)(piece) && ofProcessor(piece) })
  switch (moment) {
    case 'P1': return await kafka.catch(`${moment} of ${processor}`, { act: 'hold', matches: piece => isApi('down', apis.fetch)(piece) && piece.bytes.length > 400 })
    case 'P2': return await up(apis.produce, 'hold')()
    case 'P3': return await up(apis.endTxn, 'hold')()
    case 'P4': {
      await up(apis.endTxn, 'pass')()
      return await kafka.catch(`${moment} of ${processor}`, { act: 'hold', matches: isApi('down', apis.endTxn) })
    }
    case 'P5': return await redis.catch(`${moment} of ${processor}`, { act: 'hold', matches: isApply(processor)('up') })
    case 'P6': {
      await redis.catch(`${moment} of ${processor}`, { act: 'pass', matches: isApply(processor)('up') })
      return await redis.catch(`${moment} of ${processor}`, { act: 'hold', matches: ({ direction }) => direction === 'down' })
    }
    case 'P7': {
      await redis.catch(`${moment} of ${processor}`, { act: 'pass', matches: isApply(processor)('up') })
      return await redis.catch(`${moment} of ${processor}`, { act: 'pass', matches: ({ direction }) => direction === 'down' })
    }
  }
}
