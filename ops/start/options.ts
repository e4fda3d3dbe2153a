import { readOptions } from '../command-line.ts'
import { OpsError } from '../errors.ts'
import { type Speed } from '../play/pace.ts'
import { streamServices } from './services.ts'

/** What one process does: `all` is everything in one process, started by `npm start`; the name of a service runs that service alone. */
export const roles = ['all', 'processor', 'sink', 'api', 'provision', 'player', ...streamServices] as const
export type Role = typeof roles[number]

export interface StartOptions {
  readonly role: Role
  /** File to import; undefined = generated orders are played in. */
  readonly input: string | undefined
  /** Leave out rows of the input that cannot be imported. */
  readonly skipBad: boolean
  readonly orders: number
  readonly seed: string
  readonly speed: Speed
  /** Open orders at a time; undefined = the setting COMMERCE_IN_FLIGHT. */
  readonly inFlight: number | undefined
  readonly stockShare: number
  readonly exit: boolean
  readonly summary: string | undefined
  readonly provider: string | undefined
  readonly dataDir: string | undefined
  /** The local broker asks for TLS, a user and rights. */
  readonly secure: boolean
  /** Sub-topologies this process runs; undefined = all of the role. */
  readonly only: readonly string[] | undefined
  /** `processor-partition` of a half-done first run, for `--role provision --initialise`. */
  readonly initialise: string | undefined
  /** Make ClickHouse equal to the log again before the sinks run: after rows were lost, or after there were too many. */
  readonly repair: 'refill' | 'replay' | undefined
  /** Stable name of this instance in the consumer group. */
  readonly instance: string | undefined
  readonly help: boolean
}

const flags = {
  role: { type: 'string', default: 'all' },
  input: { type: 'string' },
  'skip-bad': { type: 'boolean', default: false },
  orders: { type: 'string' },
  seed: { type: 'string' },
  speed: { type: 'string', default: 'max' },
  'in-flight': { type: 'string' },
  'stock-share': { type: 'string', default: '1' },
  exit: { type: 'boolean', default: false },
  summary: { type: 'string' },
  provider: { type: 'string' },
  'data-dir': { type: 'string' },
  secure: { type: 'boolean', default: false },
  only: { type: 'string' },
  initialise: { type: 'string' },
  refill: { type: 'boolean', default: false },
  replay: { type: 'boolean', default: false },
  instance: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false }
} as const

/** The help text: one line an option. */
export const usage = `npm start -- [options]

  --input FILE        import the invoices of a CSV file, plain or gzipped, instead of generated orders (docs/import.md)
  --skip-bad          leave out rows of the input that cannot be imported, and list them, instead of ending at the first
  --orders N          generated orders to play in (default 1000; 0 plays none and only serves)
  --seed TEXT         seed of the generator (default 1): the same seed gives the same orders and outcomes
  --speed max|FACTOR  as fast as possible, or simulated time sped up by FACTOR (default max)
  --in-flight N       open orders at a time (default: COMMERCE_IN_FLIGHT)
  --stock-share X     opening stock as a share of what the orders ask for or the input sells, 0 to 1 (default 1)
  --exit              end when the run is played and verified: 0 = all well, 1 = something is wrong, and it says what
  --summary FILE      write the figures of the run as JSON
  --provider NAME     auto, docker, local or memory (default auto)
  --data-dir DIR      where data, keys and logs are kept (default .data)
  --secure            a local broker with TLS, users and rights (docs/security.md)
  --role NAME         ${roles.slice(0, 6).join(', ')} (default all), or one service:
                      ${streamServices.join(', ')}
  --only A,B          run only these sub-topologies, e.g. orders,inventory
  --instance NAME     stable name of this process in the consumer group
  --refill            ClickHouse lost rows: delete the rest and insert everything anew from the topics
  --replay            ClickHouse holds rows that the log does not know: the same
  --initialise TASK   with --role provision: write the first progress of a half-provisioned task, e.g. orders-3
`

/**
 * Parses the command line of `npm start`.
 *
 * @throws {OpsError} OPS_OPTION_INVALID naming the option, what is wrong with it and what it takes.
 */
export function parseStartOptions (argv: readonly string[]): StartOptions {
  const { values } = readOptions({ args: [...argv], options: flags, strict: true, allowPositionals: false })
  const role = oneOf('role', values.role, roles)
  for (const name of ['orders', 'seed'] as const) if (values[name] !== undefined) onlyWithout(name, values.input)
  if (values['skip-bad'] && values.input === undefined) throw new OpsError('OPS_OPTION_INVALID', { problem: '--skip-bad is about the rows of --input FILE, which is not given' })
  return {
    role,
    input: values.input === undefined ? undefined : nonEmpty('input', values.input),
    skipBad: values['skip-bad'],
    orders: whole('orders', values.orders ?? '1000', 0, 10_000_000),
    seed: nonEmpty('seed', values.seed ?? '1'),
    speed: values.speed === 'max' ? 'max' : positive('speed', values.speed),
    inFlight: values['in-flight'] === undefined ? undefined : whole('in-flight', values['in-flight'], 1, 1_000_000),
    stockShare: share('stock-share', values['stock-share']),
    exit: values.exit,
    summary: values.summary === undefined ? undefined : nonEmpty('summary', values.summary),
    provider: values.provider === undefined ? undefined : oneOf('provider', values.provider, ['auto', 'docker', 'local', 'memory'] as const),
    dataDir: values['data-dir'] === undefined ? undefined : nonEmpty('data-dir', values['data-dir']),
    secure: values.secure,
    only: values.only?.split(',').map(name => nonEmpty('only', name.trim())),
    initialise: values.initialise,
    repair: repairOf(values.refill, values.replay),
    instance: values.instance === undefined ? undefined : nonEmpty('instance', values.instance),
    help: values.help
  }
}

function repairOf (refill: boolean, replay: boolean): StartOptions['repair'] {
  if (refill && replay) throw new OpsError('OPS_OPTION_INVALID', { problem: '--refill and --replay exclude each other' })
  return refill ? 'refill' : replay ? 'replay' : undefined
}

function onlyWithout (name: string, input: string | undefined): void {
  if (input !== undefined) throw new OpsError('OPS_OPTION_INVALID', { problem: `--${name} is about generated orders, which are not played in beside --input` })
}

function invalid (name: string, value: string, takes: string): OpsError {
  return new OpsError('OPS_OPTION_INVALID', { problem: `--${name} takes ${takes}, not '${value}'` })
}

function whole (name: string, value: string, min: number, max: number): number {
  const number = Number(value)
  if (value.trim() === '' || !Number.isSafeInteger(number) || number < min || number > max) throw invalid(name, value, `a whole number from ${min} to ${max}`)
  return number
}

function positive (name: string, value: string): number {
  const number = Number(value)
  if (value.trim() === '' || !Number.isFinite(number) || number <= 0) throw invalid(name, value, 'max or a number above 0')
  return number
}

function share (name: string, value: string): number {
  const number = Number(value)
  if (value.trim() === '' || !(number >= 0 && number <= 1)) throw invalid(name, value, 'a number from 0 to 1')
  return number
}

function nonEmpty (name: string, value: string): string {
  if (value === '') throw invalid(name, value, 'a value')
  return value
}

function oneOf<const T extends readonly string[]> (name: string, value: string, allowed: T): T[number] {
  if (!allowed.includes(value)) throw invalid(name, value, `one of ${allowed.join(', ')}`)
  return value as T[number]
}
