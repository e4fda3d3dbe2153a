import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fail, readOptions } from './command-line.ts'
import { type Config, loadConfig } from './config.ts'
import { OpsError } from './errors.ts'
import { findK6, runK6 } from './load/k6.ts'
import { type LoadPlatform, startPlatform } from './load/platform.ts'
import { type K6Summary, type LoadResult, formatResult, resultOf } from './load/report.ts'
import { watchTest } from './load/watch-test.ts'
import { type Counts, difference, serverCounts } from './load/server-counts.ts'
import { prepareShop } from './load/shop.ts'
import { loadTests, scenarioSeconds } from './load/tests.ts'

const usage = `npm run load -- NAME… [--seconds N] [--floor RATE] [--goal RATE] [--running | --secure] [--provider NAME] [--json FILE] [--keep]

${Object.entries(loadTests).map(([name, { what }]) => `  ${name.padEnd(12)}${what}`).join('\n')}

  --seconds N       length of each part (default 30; the soak test takes 60 of them)
  --floor, --goal   requests a second, instead of the script's own
  --running         use the platform that runs with this configuration (COMMERCE_PROFILE=load), instead of one of its own
  --secure          with TLS, users and rights at the broker
  --json FILE       where the figures go (default .cache/load/NAME.json); for one test only
  --keep            keep data and logs
`

/** What the command line asks for. */
export interface LoadRequest {
  /** One after another, on one platform. */
  readonly names: ReadonlyArray<keyof typeof loadTests>
  readonly seconds: number
  readonly floor: number | undefined
  readonly goal: number | undefined
  readonly isRunning: boolean
  readonly isSecure: boolean
  readonly provider: string | undefined
  /** Absent = a file for each test in the cache folder. */
  readonly json: string | undefined
  readonly keep: boolean
}

/**
 * Reads the options of `npm run load`; undefined when help is asked for.
 *
 * @throws {OpsError} OPS_OPTION_INVALID naming the option.
 */
export function parseLoadOptions (args: readonly string[]): LoadRequest | undefined {
  const { values, positionals } = optionsOf(args)
  if (values.help === true) return undefined
  const names = positionals.filter(isLoadTest)
  if (names.length === 0 || names.length < positionals.length) throw invalid(`name some of ${Object.keys(loadTests).join(', ')}`)
  if (values.json !== undefined && names.length > 1) throw invalid('--json is for one test')
  const seconds = number('--seconds', values.seconds ?? '30') ?? 30
  return {
    names,
    seconds,
    floor: number('--floor', values.floor),
    goal: number('--goal', values.goal),
    isRunning: values.running ?? false,
    isSecure: values.secure ?? false,
    provider: values.provider,
    json: values.json,
    keep: values.keep ?? false
  }
}

function isLoadTest (name: string): name is keyof typeof loadTests {
  return Object.hasOwn(loadTests, name)
}

function optionsOf (args: readonly string[]) {
  const texts = { seconds: { type: 'string' }, floor: { type: 'string' }, goal: { type: 'string' }, provider: { type: 'string' }, json: { type: 'string' } } as const
  return readOptions({ args: [...args], allowPositionals: true, options: { ...texts, running: { type: 'boolean' }, secure: { type: 'boolean' }, keep: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } })
}

function number (name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const parsed = Number(value)
  if (!Number.isInteger(parsed) || parsed < 1 || parsed > 100_000) throw invalid(`${name} must be a whole number from 1 to 100000`)
  return parsed
}

function invalid (problem: string): OpsError {
  return new OpsError('OPS_OPTION_INVALID', { problem })
}

const print = (line: string): void => { process.stdout.write(`${line}\n`) }

/** Runs the load tests; true when all of them passed. */
async function main (request: LoadRequest, signal: AbortSignal): Promise<boolean> {
  const program = await findK6(print)
  const folder = mkdtempSync(join(tmpdir(), 'load-'))
  const platform = request.isRunning ? { config: loadConfig(), pids: {}, close: async () => {} } : await startPlatform(folder, settingsOf(request), print)
  try {
    let isPassed = true
    for (const name of request.names) {
      const result = await measure(name, request, program, folder, platform, signal)
      const file = resolve(request.json ?? join('.cache/load', `${name}.json`))
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
      print(`\n${name}\n${formatResult(result)}\n  figures: ${file}\n`)
      isPassed &&= result.passed
    }
    return isPassed
  } finally {
    await platform.close()
    if (request.keep) print(`data and logs are in ${folder}`)
    else rmSync(folder, { recursive: true, force: true })
  }
}

function settingsOf ({ provider, isSecure }: LoadRequest): Readonly<Record<string, string>> {
  return { ...provider === undefined ? {} : { COMMERCE_PROVIDER: provider }, ...isSecure ? { COMMERCE_KAFKA_SECURE: 'on' } : {} }
}

async function measure (
  name: keyof typeof loadTests, { seconds, floor, goal }: LoadRequest, program: string, folder: string, platform: Pick<LoadPlatform, 'config' | 'pids'>, signal: AbortSignal
): Promise<LoadResult> {
  const { config, config: { host, ports } } = platform
  const { script, declined = () => 0 } = loadTests[name]
  const prepared = await prepareShop(config, `http://${host}:${ports.api}`, declined(seconds, { floor, goal }), print)
  const [preparedFile, summaryFile] = [join(folder, 'prepared.json'), join(folder, 'summary.json')]
  writeFileSync(preparedFile, JSON.stringify(prepared), { mode: 0o600 })
  const before = await scrape(config)
  const startedAt = new Date().toISOString()
  const settings = {
    LOAD_PREPARED: preparedFile,
    LOAD_SUMMARY: summaryFile,
    LOAD_SECONDS: String(seconds),
    ...floor === undefined ? {} : { LOAD_FLOOR: String(floor) },
    ...goal === undefined ? {} : { LOAD_GOAL: String(goal) }
  }
  const { result: isPassed, seen } = await watchTest(platform, async () => await runK6(program, script, { settings, signal, report: print }))
  const served = difference(before, await scrapeAtRest(config))
  const summary = JSON.parse(readFileSync(summaryFile, 'utf8')) as K6Summary
  return resultOf(name, startedAt, summary, served, isPassed, scenarioSeconds(name, seconds), seen)
}

async function scrape ({ host, ports }: Config): Promise<Counts> {
  return serverCounts(await (await fetch(`http://${host}:${ports.metrics}/metrics`)).text())
}

/** The API counts an answer when its last byte is gone, which may be after it was received. */
async function scrapeAtRest (config: Config): Promise<Counts> {
  for (let last = await scrape(config); ;) {
    await sleep(300)
    const next = await scrape(config)
    if (sum(next) === sum(last)) return next
    last = next
  }
}

function sum (counts: Counts): number {
  return [...counts.values()].reduce((all, count) => all + count, 0)
}

if (import.meta.main) {
  const interrupted = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => { interrupted.abort(new OpsError('OPS_INTERRUPTED')) })
  try {
    const request = parseLoadOptions(process.argv.slice(2))
    if (request === undefined) print(usage)
    else if (!await main(request, interrupted.signal)) process.exitCode = 1
  } catch (error) {
    fail(error)
  }
}
