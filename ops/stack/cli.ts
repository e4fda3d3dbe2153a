import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readOptions } from '../command-line.ts'
import { loadConfig, strangeSettings, type Config } from '../config.ts'
import { OpsError } from '../errors.ts'
import { dockerLogs, runningContainers, stopDocker } from './docker.ts'
import { decideProvider, ensureStack } from './ensure.ts'
import { gatherDocker } from './facts.ts'
import { stopLocal } from './local.ts'
import { stopMemory } from './memory.ts'
import { processNames, serviceNames, type ProcessName } from './stack.ts'
import { stackStatus, statusTable } from './status.ts'
import { Supervisor } from './supervisor.ts'

const usage = `usage: npm run stack:up | stack:down | stack:status | stack:logs [-- SERVICE] | stack:reset

  --provider NAME   auto, docker, local or memory (default: COMMERCE_PROVIDER)
  --data-dir DIR    folder of the stack (default: COMMERCE_DATA_DIR)
  --brokers N       one or three brokers, local provider only (default: COMMERCE_KAFKA_NODES)
  --lines N         how many lines of each log (default 40)

Services: ${serviceNames.join(', ')}.
`

const print = (line: string): void => { process.stdout.write(`${line}\n`) }

/** What each command does; the answer is the exit code. */
const commands: Readonly<Record<string, (config: Config, rest: readonly string[], lines: number) => Promise<number>>> = {
  up: async config => {
    const interrupted = new AbortController()
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interrupted.abort(new OpsError('OPS_INTERRUPTED')))
    const { provider, reason } = await decideProvider(config)
    if (provider === 'memory') {
      print(`provider: memory (${reason}). It lives inside \`npm start\`: there is nothing to keep up.`)
      return 1
    }
    await ensureStack({ config: { ...config, provider }, report: print, signal: interrupted.signal })
    print(statusTable(await stackStatus(config)).trimEnd())
    return 0
  },
  down: async config => {
    await down(config, false)
    return 0
  },
  status: async config => {
    print(statusTable(await stackStatus(config)).trimEnd())
    return 0
  },
  logs: async (config, names, lines) => {
    for (const name of names.length === 0 ? await shownProcesses(config) : names.map(knownProcess)) await showLog(name, config, lines)
    return 0
  },
  reset: async config => {
    await down(config, true)
    const folders = [...processNames, 'logs', 'memory', 'run', 'runs'].map(name => join(config.dataDir, name)).filter(folder => existsSync(folder))
    for (const folder of folders) {
      rmSync(folder, { recursive: true, force: true })
      print(`deleted ${folder}`)
    }
    if (folders.length === 0) print(`nothing to delete in ${config.dataDir}`)
    return 0
  }
}

async function down (config: Config, withData: boolean): Promise<void> {
  const ended = [...await stopMemory(config, print), ...await stopLocal(serviceNames, config, print)]
  const hasDocker = (await gatherDocker()).docker !== undefined
  const containers = hasDocker ? await runningContainers(config) : new Set<string>()
  if (hasDocker && (withData || containers.size > 0)) await stopDocker(config, print, withData)
  const all = [...ended, ...containers]
  print(all.length === 0 ? 'nothing was running' : `ended ${all.join(', ')}`)
}

async function showLog (name: ProcessName, config: Config, lines: number): Promise<void> {
  const path = new Supervisor(config.dataDir, config.stack.timeoutMs, print).logFile(name)
  const service = serviceNames.find(each => each === name)
  const isContainer = service !== undefined && !existsSync(path) && (await gatherDocker()).docker !== undefined
  const text = isContainer ? await dockerLogs(service, config, lines) : existsSync(path) ? readFileSync(path, 'utf8') : ''
  print(`==> ${name}: ${isContainer ? 'docker' : path}`)
  print(text.trimEnd().split('\n').slice(-lines).join('\n'))
}

async function shownProcesses (config: Config): Promise<readonly ProcessName[]> {
  return (await stackStatus(config)).map(({ name }) => name)
}

function knownProcess (name: string): ProcessName {
  const known = processNames.find(each => each === name)
  if (known === undefined) throw new OpsError('OPS_OPTION_INVALID', { problem: `no service '${name}'; there are ${processNames.join(', ')}` })
  return known
}

async function main (argv: readonly string[]): Promise<number> {
  const { values, positionals: [name = '', ...rest] } = readOptions({
    args: [...argv],
    allowPositionals: true,
    options: { provider: { type: 'string' }, 'data-dir': { type: 'string' }, brokers: { type: 'string' }, lines: { type: 'string', default: '40' }, help: { type: 'boolean', short: 'h', default: false } }
  })
  const command = commands[name]
  if (values.help || command === undefined) {
    process.stdout.write(usage)
    return values.help ? 0 : 2
  }
  for (const line of strangeSettings()) process.stderr.write(`${line}\n`)
  const config = loadConfig({ overrides: { COMMERCE_PROVIDER: values.provider, COMMERCE_DATA_DIR: values['data-dir'], COMMERCE_KAFKA_NODES: values.brokers } })
  return await command(config, rest, Math.max(1, Number.parseInt(values.lines) || 40))
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof OpsError) && !(error instanceof TypeError)) throw error
  process.stderr.write(`${error instanceof OpsError ? `${error.code}: ` : ''}${error.message}\n`)
  process.exitCode = 1
}
