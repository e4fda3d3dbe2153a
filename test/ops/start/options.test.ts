import { test } from 'tap'
import { OpsError } from '../../../ops/errors.ts'
import { parseStartOptions, usage } from '../../../ops/start/options.ts'

test('start options have the documented defaults when nothing is given', async t => {
  t.match(parseStartOptions([]), { role: 'all', orders: 1000, seed: '1', speed: 'max', stockShare: 1, exit: false, help: false })
})

test('start options are parsed when all are given', async t => {
  const options = parseStartOptions(['--orders', '300', '--seed', '7', '--speed', '3600', '--in-flight', '50', '--stock-share', '0.9', '--exit',
    '--summary', 's.json', '--provider', 'memory', '--data-dir', 'd', '--role', 'processor', '--only', 'orders, inventory', '--instance', 'a'])
  t.match(options, {
    orders: 300,
    seed: '7',
    speed: 3600,
    inFlight: 50,
    stockShare: 0.9,
    exit: true,
    summary: 's.json',
    provider: 'memory',
    dataDir: 'd',
    role: 'processor',
    only: ['orders', 'inventory'],
    instance: 'a'
  })
})

test('start options name a file to import when one is given', async t => {
  t.match(parseStartOptions([]), { input: undefined, skipBad: false })
  t.match(parseStartOptions(['--input', 'a.csv.gz', '--skip-bad', '--stock-share', '0.9']), { input: 'a.csv.gz', skipBad: true, stockShare: 0.9 })
})

const bad: ReadonlyArray<readonly [string[], RegExp]> = [
  [['--orders', 'many'], /--orders takes a whole number/],
  [['--orders', '-1'], /--?orders/],
  [['--orders', '1.5'], /--orders takes a whole number/],
  [['--seed', ''], /--seed takes a value/],
  [['--speed', '0'], /--speed takes max or a number above 0/],
  [['--speed', ''], /--speed takes/],
  [['--in-flight', '0'], /--in-flight takes a whole number/],
  [['--stock-share', '1.1'], /--stock-share takes a number from 0 to 1/],
  [['--provider', 'cloud'], /--provider takes one of auto, docker, local, memory/],
  [['--role', 'king'], /--role takes one of/],
  [['--only', 'orders,'], /--only takes a value/],
  [['--refill', '--replay'], /exclude each other/],
  [['--input', ''], /--input takes a value/],
  [['--input', 'a.csv', '--orders', '5'], /--orders is about generated orders/],
  [['--input', 'a.csv', '--seed', '5'], /--seed is about generated orders/],
  [['--skip-bad'], /--skip-bad is about the rows of --input/],
  [['--colour'], /--colour/],
  [['stray'], /stray/]
]

for (const [argv, message] of bad) {
  test(`start options are refused by name when given ${argv.join(' ')}`, async t => {
    try {
      parseStartOptions(argv)
      t.fail('accepted')
    } catch (error) {
      t.ok(error instanceof OpsError && error.code === 'OPS_OPTION_INVALID')
      t.match(String(error), message)
    }
  })
}

test('usage names every option that is parsed', async t => {
  for (const flag of ['input', 'skip-bad', 'orders', 'seed', 'speed', 'in-flight', 'stock-share', 'exit', 'summary', 'provider', 'data-dir', 'role', 'only', 'instance', 'initialise', 'refill', 'replay']) {
    t.match(usage, `--${flag}`)
  }
})
