import { parseArgs } from 'node:util'
import { loadConfig } from '../../ops/config.ts'
import { machineFacts } from './machine.ts'
import { medians } from './hop/figures.ts'
import { buildKafkaStreams } from './hop/kafka-streams.ts'
import { openScene } from './hop/scene.ts'
import { type BareFigures, measureBare } from './saga/bare.ts'
import { isKafkaStreams, type SagaContenderName, sagaContenders } from './saga/contender.ts'
import { PARTS, VALUE_BYTES } from './saga/job.ts'
import { measureReal } from './saga/real.ts'
import { LINES } from './saga/shop.ts'

/** An order's saga, bare beside Kafka Streams, and real on the whole platform; what is measured, how, and what not: README.md. */
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'bare,real' },
    orders: { type: 'string' },
    rate: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '2' },
    partitions: { type: 'string', default: '4' },
    contenders: { type: 'string', default: sagaContenders.join() },
    cached: { type: 'boolean', default: false },
    'in-flight': { type: 'string', default: '2000' },
    'cpu-prof': { type: 'string' }
  }
})
const [rate, seconds, rounds, partitions] = (['rate', 'seconds', 'rounds', 'partitions'] as const).map(name => Number(values[name])) as [number, number, number, number]
const parts = values.only.split(',')
/** Orders of a burst: as many as take a few seconds. */
const bareOrders = Number(values.orders ?? 15_000)
const realOrders = Number(values.orders ?? 5000)

function say (line: string): void {
  process.stderr.write(`${line}\n`)
}

async function measureAllBare () {
  const asked = sagaContenders.filter(name => values.contenders.split(',').includes(name))
  const built = asked.some(isKafkaStreams) ? await buildKafkaStreams(loadConfig({ file: false }).cacheDir, say) : undefined
  const kafkaStreamsDir = built !== undefined && 'dir' in built ? built.dir : undefined
  const leftOut = built !== undefined && 'missing' in built ? { contenders: asked.filter(isKafkaStreams), reason: built.missing } : undefined
  const contenders = asked.filter(name => !isKafkaStreams(name) || leftOut === undefined)
  if (leftOut !== undefined) say(`left out: ${leftOut.contenders.join(', ')}: ${leftOut.reason}`)
  say(`bare saga: bursts of ${bareOrders} orders, ${VALUE_BYTES} bytes a record, ${partitions} partitions and ${PARTS} of the stock, then ${rate} orders/s; ` +
    `${rounds} rounds; load ${machineFacts().load.join(' ')}`)
  const options = { partitions, rate, profileDir: values['cpu-prof'], kafkaStreamsDir, cached: values.cached }
  const results = new Map<SagaContenderName, BareFigures[]>(contenders.map(name => [name, []]))
  const scene = await openScene(say)
  try {
    // Not counted: the broker compiles its hot code meanwhile.
    await measureBare(scene, contenders[0] ?? 'runtime', 'saga-0-warm-up', { ...options, orders: bareOrders, seconds: 0 })
    for (let round = 1; round <= rounds; round++) {
      for (const name of contenders.map((_, place) => contenders[(place + round) % contenders.length] as SagaContenderName)) {
        const result = await measureBare(scene, name, `saga-${round}-${name}`, { ...options, orders: bareOrders, seconds })
        results.get(name)?.push(result)
        const { orderToShipmentMs: latency } = result
        say(`round ${round} ${name.padEnd(21)} ${result.ordersPerSecond} orders/s, CPU an order ${result.cpuMicrosecondsPerOrder} µs, ` +
          `broker ${result.brokerCpuMicrosecondsPerOrder} µs, Redis ${result.redisCpuMicrosecondsPerOrder} µs; ${rate}/s: p50 ${latency.p50} p99 ${latency.p99} max ${latency.max} ms; others ${result.otherCores} cores`)
      }
    }
  } finally {
    await scene.close()
  }
  const middle = new Map([...results].map(([name, samples]) => [name, medians(samples)]))
  const own = middle.get('runtime')
  say(`bare saga, medians of ${rounds} rounds; every order shipped once, stock right to the piece`)
  for (const [name, { ordersPerSecond, orderToShipmentMs: { p50, p99 }, cpuMicrosecondsPerOrder }] of middle) {
    const times = own === undefined || name === 'runtime' ? '' : `; the runtime does ${(own.ordersPerSecond / ordersPerSecond).toFixed(2)} times as many`
    say(`  ${name.padEnd(21)} ${ordersPerSecond} orders/s, ${rate}/s: p50 ${p50} p99 ${p99} ms, ${cpuMicrosecondsPerOrder} µs of CPU an order${times}`)
  }
  return {
    setting: { orders: bareOrders, partitions, rounds, valueBytes: VALUE_BYTES, rate, seconds, cached: values.cached, leftOut },
    medians: Object.fromEntries(middle),
    ratios: {
      ordersPerSecond: ratios(middle, ({ ordersPerSecond }) => ordersPerSecond),
      orderToShipmentP50: ratios(middle, ({ orderToShipmentMs }) => orderToShipmentMs.p50),
      orderToShipmentP99: ratios(middle, ({ orderToShipmentMs }) => orderToShipmentMs.p99)
    },
    rounds: Object.fromEntries(results)
  }
}

/** The runtime's figure over that of each rival: `kafkaStreams1`, … */
function ratios (results: ReadonlyMap<SagaContenderName, BareFigures>, figure: (result: BareFigures) => number): Record<string, number> {
  const own = results.get('runtime')
  const rivals = [...results].filter(([name]) => name !== 'runtime')
  const camelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  return own === undefined ? {} : Object.fromEntries(rivals.map(([name, result]) => [camelCase(name), Number((figure(own) / figure(result)).toFixed(3))]))
}

async function measureWholeReal () {
  const inFlight = Number(values['in-flight'])
  say(`real saga: bursts of ${realOrders} orders of ${LINES} lines, ${inFlight} of them open at a time, then ${rate} orders/s; ${rounds} rounds; load ${machineFacts().load.join(' ')}`)
  const result = await measureReal({ orders: realOrders, inFlight, rate, seconds, rounds, profileDir: values['cpu-prof'] }, say)
  const { ordersPerSecond, placedToConfirmedMs, cpuMicrosecondsPerOrder, pacedCores } = medians(result.rounds)
  say(`real saga, medians of ${rounds} rounds: ${ordersPerSecond} orders/s; ${rate}/s: p50 ${placedToConfirmedMs.p50} p99 ${placedToConfirmedMs.p99} ms, placed to confirmed`)
  say(`  every order confirmed once, stock right to the piece, ${result.eventRecords} events once in ClickHouse ${result.settledAfterMs} ms after the last order`)
  return {
    setting: { orders: realOrders, lines: LINES, inFlight, rounds, rate, seconds },
    medians: { ordersPerSecond, placedToConfirmedMs, cpuMicrosecondsPerOrder, pacedCores },
    ...result
  }
}

const bare = parts.includes('bare') ? await measureAllBare() : undefined
const real = parts.includes('real') ? await measureWholeReal() : undefined
process.stdout.write(JSON.stringify({ bare, real }) + '\n')
