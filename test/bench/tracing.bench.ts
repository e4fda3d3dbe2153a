import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { startTracing } from '../../ops/telemetry/tracing.ts'
import { createTestDriver } from '../../streams/testing/index.ts'
import { commands, counter } from '../streams/runtime/counting.ts'
import { median } from './hop/figures.ts'

/**
 * What tracing costs a record: CPU of this process from the producer to the commit, in memory, without and with tracing, in turns. The collector is a
 * process of its own and takes everything; sending the spans to it counts, receiving them does not.
 */
const { values } = parseArgs({ options: { records: { type: 'string', default: '60000' }, rounds: { type: 'string', default: '5' } } })
const [records, rounds] = [Number(values.records), Number(values.rounds)]
const modes = { off: undefined, 'on, 0 %': 0, 'on, 1 %': 0.01, 'on, 100 %': 1 } as const
type Mode = keyof typeof modes

const BATCH = 500
const value = commands.value.encode({ type: 'Add', amount: 1 })
const collector = spawn(process.execPath, ['-e', `
  require('node:http').createServer((request, response) => { request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{}')) })
    .listen(0, '127.0.0.1', function () { console.log(this.address().port) })`], { stdio: ['ignore', 'pipe', 'inherit'] })
const [port] = await once(collector.stdout, 'data') as [Buffer]
const endpoint = `http://127.0.0.1:${port.toString().trim()}`

/** CPU of one record, µs. */
async function measure (mode: Mode): Promise<number> {
  const driver = await createTestDriver({ nodes: [counter()] })
  const producer = driver.broker.client('bench').producer()
  const ratio = modes[mode]
  const tracing = ratio === undefined ? undefined : startTracing({ endpoint, headers: {}, ratio, serviceName: 'bench', instance: 'bench' })
  const before = process.cpuUsage()
  for (let sent = 0; sent < records; sent += BATCH) {
    const keys = Array.from({ length: BATCH }, (_, index) => Buffer.from(`k${(sent + index) % 1000}`))
    await producer.send(keys.map(key => ({ topic: commands.name, partition: 0, key, value, headers: [] })))
    await driver.run()
  }
  await tracing?.close()
  const { user, system } = process.cpuUsage(before)
  await driver.close()
  return (user + system) / records
}

const names = Object.keys(modes) as Mode[]
for (const mode of names) await measure(mode)
const figures = Object.fromEntries(names.map(mode => [mode, [] as number[]])) as Record<Mode, number[]>
for (let round = 0; round < rounds; round++) {
  for (const mode of round % 2 === 0 ? names : names.toReversed()) {
    const figure = await measure(mode)
    figures[mode].push(figure)
    process.stderr.write(`round ${round + 1}: ${mode}: ${figure.toFixed(2)} µs\n`)
  }
}
collector.kill()
const cpuMicrosecondsPerRecord = Object.fromEntries(names.map(mode => [mode, { median: median(figures[mode]), all: figures[mode] }]))
process.stdout.write(`${JSON.stringify({ records, rounds, cpuMicrosecondsPerRecord })}\n`)
