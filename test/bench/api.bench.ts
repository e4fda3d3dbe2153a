import { parseArgs } from 'node:util'
import { startLocal, stopLocal } from '../../ops/stack/local.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { partitions, topics } from '../../topology/topics.ts'
import { orderBody } from '../api/order-fixtures.ts'
import { skuOf } from './products.ts'
import { ensureWatchdog, newOwnFolder, newPorts, remove, stackConfig } from '../support/shared-stack.ts'
import { measureBulk } from './api/bulk.ts'
import { type Ask, type LoadFigures, measureLoad } from './api/load.ts'
import { type ServerJob } from './api/job.ts'
import { type ServerProcess, startServer } from './api/server-process.ts'

/** `npm run bench -- api`: requests a second and their latencies; see README.md. */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    'warm-up': { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '64' },
    'bulk-lines': { type: 'string', default: '100000' },
    only: { type: 'string', default: 'intake,browse,catalog,payments' },
    'cpu-prof': { type: 'string' }
  }
})
const [seconds, warmUpSeconds, rounds, connections, bulkLines] = [values.seconds, values['warm-up'], values.rounds, values.connections, values['bulk-lines']].map(Number) as [number, number, number, number, number]

/** Orders in intake, reads of orders in browse and of the catalog, and payments a second: what is to be reached, each with the p99 that goes with it. */
const rates = { intake: 1000, browse: 5000, catalog: 5000, payments: 250 } as const
const users = 64
const products = 1000
const isWanted = (name: string): boolean => values.only.split(',').includes(name)
const ordersOfEach = 20

const report = (line: string): void => { process.stderr.write(`${line}\n`) }
const services = ['kafka', 'redis'] as const
const json = { 'content-type': 'application/json' }
const body = JSON.stringify(orderBody)

/** What visitors of a shop ask its catalog: half of them look at a product, the others browse and search. */
const aProduct = (index: number): string => `/${skuOf(index * 7919 % products)}`
const shopWindow: ReadonlyArray<(index: number) => string> = [
  aProduct, () => '?limit=20', aProduct, () => '?category=lighting&currency=GBP&sort=price&limit=20', aProduct, () => '?q=red%20lant&limit=20'
]

const asks: Readonly<Record<keyof typeof rates, Ask>> = {
  intake: () => ({ method: 'POST', path: '/v1/orders', headers: { ...json, 'idempotency-key': crypto.randomUUID() }, body }),
  browse: ({ orderIds }, index) => ({ method: 'GET', path: `/v1/orders/${orderIds[index % orderIds.length] ?? ''}` }),
  catalog: (_, index) => ({ method: 'GET', path: `/v1/products${shopWindow[index % shopWindow.length]?.(index) ?? ''}` }),
  payments: ({ orderIds }, index) => ({
    method: 'POST', path: `/v1/orders/${orderIds[index % orderIds.length] ?? ''}/payments`, headers: { ...json, 'idempotency-key': crypto.randomUUID() }, body: '{}'
  })
}

interface Pair { readonly saturated: LoadFigures, readonly paced: LoadFigures }

/** Intake, counted in the log too: what was acknowledged is there, no less. */
let acknowledged = 0

async function measurePair (server: ServerProcess, name: keyof typeof rates, contender: string): Promise<Pair> {
  const options = { connections, seconds, warmUpSeconds }
  const saturated = await measureLoad(server, asks[name], { ...options, rate: undefined })
  const paced = await measureLoad(server, asks[name], { ...options, rate: rates[name] })
  if (name === 'intake' || name === 'payments') acknowledged += saturated.acknowledged + paced.acknowledged
  const tell = ({ perSecond, p50Ms, p99Ms, apiCpuMicroseconds }: LoadFigures): string => `${perSecond}/s, p50 ${p50Ms} p99 ${p99Ms} ms, ${apiCpuMicroseconds} µs of CPU a request`
  report(`${contender} ${name}: ${tell(saturated.figures)}; at ${rates[name]}/s: ${tell(paced.figures)}`)
  return { saturated: saturated.figures, paced: paced.figures }
}

async function measureBare (job: Omit<ServerJob, 'contender'>): Promise<Pair> {
  const bare = await startServer({ ...job, contender: 'bare' }, undefined)
  const pair = await measurePair(bare, 'intake', 'bare')
  await bare.stop()
  return pair
}

const folder = newOwnFolder()
ensureWatchdog()
const config = stackConfig(folder, await newPorts())
try {
  await startLocal(services, config, report)
  const brokers = [`127.0.0.1:${config.ports.kafka}`]
  const kafka = createKafkaJs({ brokers, clientId: 'bench' })
  await kafka.start()
  const intakeTopics = [topics.orders.commands, topics.orders.commandsTrusted, topics.orders.events, topics.catalog.state, topics.catalog.categories]
  await kafka.admin.createTopics(intakeTopics.map(({ name }) => ({ name, partitions, replicas: 1, config: { 'max.message.bytes': '4194304' } })))
  const job: Omit<ServerJob, 'contender'> = { brokers, redisUrl: `redis://127.0.0.1:${config.ports.redis}`, users, ordersOfEach, products }
  const results = []
  for (let round = 1; round <= rounds; round++) {
    report(`round ${round}`)
    const bareIntake = isWanted('intake') ? await measureBare(job) : undefined
    const api = await startServer({ ...job, contender: 'api' }, values['cpu-prof'])
    const figures: Partial<Record<keyof typeof rates, Pair>> = {}
    for (const name of Object.keys(rates) as Array<keyof typeof rates>) if (isWanted(name)) figures[name] = await measurePair(api, name, 'api')
    const bulk = bulkLines === 0 ? undefined : await measureBulk(api, body, bulkLines)
    if (bulk !== undefined) report(`api bulk: ${bulk.linesPerSecond} lines/s, RSS MB ${JSON.stringify(bulk.rssMb)}`)
    acknowledged += bulkLines
    results.push({ bareIntake, ...figures, bulk })
    await api.stop()
  }
  const { name } = topics.orders.commands
  const ends = await kafka.endOffsets(Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition })))
  const logged = Number([...ends.values()].reduce((sum, end) => sum + end, 0n))
  await kafka.close()
  if (logged < acknowledged) throw new Error(`${acknowledged} commands were acknowledged, and ${logged} are in the log`)
  process.stdout.write(JSON.stringify({ setting: { seconds, warmUpSeconds, connections, users, rates }, acknowledged, logged, rounds: results }) + '\n')
} finally {
  await stopLocal(services, config, report)
  await remove(folder, report)
}
