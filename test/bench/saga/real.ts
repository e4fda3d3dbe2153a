import { type StockState } from '#schemas'
import { type FetchedRecord, type StateBackend, systemClock } from '#streams'
import { analyticsTopics, createPlatformTopology } from '../../../ops/platform/topology.ts'
import { serviceNames } from '../../../ops/stack/stack.ts'
import { settleRun } from '../../../ops/verify/settle-run.ts'
import { stateRows } from '../../../ops/verify/state-rows.ts'
import { readSchemaId } from '../../../streams/serde/wire-format.ts'
import { inventoryName, outcomeEvents, stockStore, topics } from '../../../topology/index.ts'
import { watchCpu } from '../cpu-watch.ts'
import { type Percentiles } from '../hop/figures.ts'
import { rssMbOf } from '../machine.ts'
import { follow } from './follow.ts'
import { type HopFigures, hopsBetween, parseSamples, type Samples, type SinkFigures, sinksBetween } from './hops.ts'
import { type LivePlatform, startPlatform } from './live-platform.ts'
import { type Burst, OrderFlow } from './order-flow.ts'
import { linesOf, openShop, OPENING_STOCK, Orders, products } from './shop.ts'

export interface RealOptions {
  /** Orders of a burst, and how many of them are open at a time. */
  readonly orders: number
  readonly inFlight: number
  /** Orders a second of the second part, and how long. */
  readonly rate: number
  readonly seconds: number
  readonly rounds: number
  readonly profileDir: string | undefined
}

export interface RealFigures extends Burst {
  /** CPU time per order in the burst, by process. */
  readonly cpuMicrosecondsPerOrder: Readonly<Record<string, number>>
  readonly burstHops: Readonly<Record<string, HopFigures>>
  /** Orders at a steady rate: from due to be placed to OrderConfirmed in the hands of a read-committed reader. */
  readonly placedToConfirmedMs: Percentiles
  /** Share of one core that each process used meanwhile. */
  readonly pacedCores: Readonly<Record<string, number>>
  readonly pacedHops: Readonly<Record<string, HopFigures>>
  readonly pacedSinks: Readonly<Record<string, SinkFigures>>
  /** Cores that others used meanwhile: near 0 on a quiet machine. */
  readonly otherCores: number
}

export interface RealResult {
  readonly rounds: readonly RealFigures[]
  /** From the last confirmation until every event of the run was in ClickHouse and every record processed. */
  readonly settledAfterMs: number
  readonly eventRecords: number
  readonly platformRssMb: number
}

/** Enough for the broker to have compiled most of its hot code, which takes as much CPU time as its work meanwhile. */
const WARM_UP = { orders: 3000, seconds: 2 } as const

/** The platform from its start to its end: warm-up, then in each round a burst and a steady rate, then the check of everything. */
export async function measureReal (options: RealOptions, report: (line: string) => void): Promise<RealResult> {
  const platform = await startPlatform(options.profileDir, report)
  const { kafka, pids } = platform
  const orders = new Orders(platform.keys)
  const flow = new OrderFlow(async indices => await kafka.producer().send(indices.map(index => orders.record(index))))
  const unfollow = follow(kafka, topics.orders.events, createJudge(orders, flow), () => { flow.looked() })
  try {
    await openShop(kafka)
    const burst = async (count: number): Promise<Burst> => {
      await orders.prepare(flow.sent + count)
      return await flow.burst(count, options.inFlight)
    }
    const paced = async (seconds: number): Promise<Percentiles> => {
      await orders.prepare(flow.sent + options.rate * seconds)
      return await flow.paced(options.rate, seconds)
    }
    await burst(WARM_UP.orders)
    const rounds: RealFigures[] = []
    for (let round = 1; round <= options.rounds; round++) {
      const figures = await measureRound(platform, options, { burst, paced })
      rounds.push(figures)
      report(describeRound(round, options, figures))
    }
    const lastMs = performance.now()
    const eventRecords = await settle(platform)
    const settledAfterMs = Math.round(performance.now() - lastMs)
    await checkStock(platform.state, flow.sent)
    return { rounds, settledAfterMs, eventRecords, platformRssMb: rssMbOf(pids[0] ?? 0) }
  } finally {
    unfollow()
    await platform.close()
  }
}

/** How orders are sent: `burst` so many, `paced` for so many seconds. */
interface Ways { readonly burst: (count: number) => Promise<Burst>, readonly paced: (seconds: number) => Promise<Percentiles> }

async function measureRound ({ pids, metricsUrl }: LivePlatform, { orders, seconds }: RealOptions, { burst, paced }: Ways): Promise<RealFigures> {
  const look = async (): Promise<Samples> => parseSamples(await (await fetch(metricsUrl)).text())
  const shares = (each: readonly number[], whole: number): Readonly<Record<string, number>> =>
    Object.fromEntries(['platform', ...serviceNames].map((name, index) => [name, Number(((each[index] ?? 0) / whole).toFixed(2))]))
  const [cpu, before] = [watchCpu(pids), await look()]
  const fast = await burst(orders)
  const [spent, between] = [cpu(), await look()]
  await paced(WARM_UP.seconds)
  const [pacedCpu, pacedBefore] = [watchCpu(pids), await look()]
  const placedToConfirmedMs = await paced(seconds)
  const [calm, pacedAfter] = [pacedCpu(), await look()]
  return {
    ...fast,
    cpuMicrosecondsPerOrder: shares(spent.each, orders / 1e6),
    burstHops: hopsBetween(before, between),
    placedToConfirmedMs,
    pacedCores: shares(calm.each, calm.seconds),
    pacedHops: hopsBetween(pacedBefore, pacedAfter),
    pacedSinks: sinksBetween(pacedBefore, pacedAfter),
    otherCores: Number(((spent.others + calm.others) / (spent.seconds + calm.seconds)).toFixed(2))
  }
}

const endings: ReadonlySet<string> = new Set([...Object.values(outcomeEvents), 'OrderRejected'])

/** Tells the flow of every order that was confirmed, and fails it at any other outcome. The type of an event is known by its schema. */
function createJudge (orders: Orders, flow: OrderFlow): (record: FetchedRecord) => void {
  const types = new Map<number | null, string>()
  return ({ key, value }) => {
    if (value === null) return
    const schema = readSchemaId(value)
    const type = types.get(schema) ?? topics.orders.events.value.decode(value).type
    types.set(schema, type)
    const orderId = String(key)
    if (type === 'OrderConfirmed') flow.ended(orders.indexOf(orderId) ?? -1)
    else if (endings.has(type)) flow.fail(new Error(`${type} of ${orderId}`))
  }
}

/**
 * Waits until every record is processed and every event is in ClickHouse once; answers how many these are.
 *
 * @throws {Error} when that does not come, or when a law of the books was found broken.
 */
async function settle (platform: LivePlatform): Promise<number> {
  const topology = createPlatformTopology(platform)
  const { unprocessed, counts } = await settleRun({
    platform, topology, topics: analyticsTopics, from: new Map(), clock: systemClock, signal: AbortSignal.timeout(120_000), onProgress: () => {}
  })
  const wrong = counts.filter(({ records, rows, distinct }) => records !== rows || rows !== distinct)
  const differences = wrong.map(({ topic, records, rows }) => `${topic} has ${records} records, ClickHouse ${rows}`)
  if (unprocessed > 0 || wrong.length > 0) throw new Error([`${unprocessed} records are not processed`, ...differences].join('; '))
  const broken = counts.find(({ topic }) => topic === topics.audit.invariants.name)?.records ?? 0n
  if (broken > 0n) throw new Error(`${broken} laws were found broken: ${topics.audit.invariants.name}`)
  return Number(counts.reduce((sum, { records }) => sum + records, 0n))
}

/** Every product's stock must be the opening stock less what the orders asked for, and nothing of it held. */
async function checkStock (state: StateBackend, orders: number): Promise<void> {
  const asked = new Map<string, number>(products.map(({ sku }) => [sku, 0]))
  for (let index = 0; index < orders; index++) for (const { sku, quantity } of linesOf(index)) asked.set(sku, (asked.get(sku) ?? 0) + quantity)
  const rows: ReadonlyMap<string, StockState> = await stateRows(state, inventoryName, topics.inventory.commands.partitions, stockStore, sku => asked.has(sku))
  for (const [sku, quantity] of asked) {
    const stock = rows.get(sku)
    const left = OPENING_STOCK - quantity
    if (stock?.onHand !== left || stock.reserved !== 0) throw new Error(`${sku}: ${stock?.onHand} on hand, ${stock?.reserved} of them held, not ${left} and 0`)
  }
}

function describeRound (round: number, { rate, inFlight }: RealOptions, figures: RealFigures): string {
  const { ordersPerSecond, cpuMicrosecondsPerOrder, placedToConfirmedMs: latency, pacedCores, otherCores } = figures
  const list = (shares: Readonly<Record<string, number>>): string => Object.entries(shares).map(([name, share]) => `${name} ${share}`).join(', ')
  return `round ${round} real: ${ordersPerSecond} orders/s with ${inFlight} open, CPU µs an order: ${list(cpuMicrosecondsPerOrder)}; ` +
    `${rate}/s: p50 ${latency.p50} p99 ${latency.p99} max ${latency.max} ms, cores: ${list(pacedCores)}; others ${otherCores} cores`
}
