import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { type Random } from '../../../ops/play/random.ts'
import { type ServiceName } from '../../../ops/stack/stack.ts'
import { type Fault } from '../evidence/evidence.ts'
import { type Stage } from '../stage/stage.ts'

/** The processes that chaos works on: two of each kind that there may be two of. */
export const cast = { p1: 'processor', p2: 'processor', s1: 'sink', a1: 'api' } as const

type Member = keyof typeof cast

interface Setting { readonly stage: Stage, readonly random: Random }

/** One kind of trouble: how often it comes, what it does, and until when it must be over. `work` resolves when everything is there again. */
interface Kind { readonly weight: number, readonly withinMs: number, readonly work: (setting: Setting) => Promise<void> }

const processors: readonly Member[] = ['p1', 'p2']

function anyOf<Item> ({ random }: Pick<Setting, 'random'>, items: readonly Item[]): Item {
  return items[random.integer(0, items.length - 1)] as Item
}

async function killed (setting: Setting, members: readonly Member[]): Promise<void> {
  const name = anyOf(setting, members)
  await setting.stage.restart(name, cast[name], 'kill')
}

async function frozen (setting: Setting, members: readonly Member[]): Promise<void> {
  const child = setting.stage.process(anyOf(setting, members))
  child.signal('SIGSTOP')
  await sleep(setting.random.integer(500, 12_000))
  child.signal('SIGCONT')
}

async function restarted ({ stage, random }: Setting, name: ServiceName): Promise<void> {
  if (random.unit() < 0.5) await stage.services.kill(name)
  else await stage.services.stop(name)
  await sleep(random.integer(0, 3000))
  await stage.services.start(name)
}

async function weather ({ stage, random }: Setting, name: ServiceName): Promise<void> {
  const kinds = [
    { kind: 'cut' }, { kind: 'silent' }, { kind: 'slow', ms: random.integer(20, 300), jitterMs: 200 }, { kind: 'sliced', bytes: random.integer(16, 200) }
  ] as const
  stage.doors[name].turn(anyOf({ random }, kinds))
  await sleep(random.integer(500, 8000))
  stage.doors[name].heal()
}

/** Everything that chaos knows to do, by name. */
export const kinds: Readonly<Record<string, Kind>> = {
  'kill processor': { weight: 4, withinMs: 40_000, work: async setting => await killed(setting, processors) },
  'kill sink': { weight: 2, withinMs: 40_000, work: async setting => await killed(setting, ['s1']) },
  'kill api': { weight: 1, withinMs: 40_000, work: async setting => await killed(setting, ['a1']) },
  'freeze processor': { weight: 3, withinMs: 60_000, work: async setting => await frozen(setting, processors) },
  'freeze sink': { weight: 1, withinMs: 40_000, work: async setting => await frozen(setting, ['s1']) },
  'roll processors': {
    weight: 2,
    withinMs: 40_000,
    work: async ({ stage }) => { for (const name of processors) await stage.restart(name, cast[name], 'end') }
  },
  'flush Redis': {
    weight: 3,
    withinMs: 40_000,
    work: async ({ stage }) => {
      const client = new Redis({ host: '127.0.0.1', port: stage.services.config.ports.redis, maxRetriesPerRequest: 1 })
      await client.flushall()
      client.disconnect()
    }
  },
  'restart broker': { weight: 2, withinMs: 60_000, work: async setting => await restarted(setting, 'kafka') },
  'restart registry': { weight: 1, withinMs: 40_000, work: async setting => await restarted(setting, 'registry') },
  'restart Redis': { weight: 2, withinMs: 40_000, work: async setting => await restarted(setting, 'redis') },
  'restart ClickHouse': { weight: 2, withinMs: 40_000, work: async setting => await restarted(setting, 'clickhouse') },
  'restart gateway': { weight: 2, withinMs: 60_000, work: async setting => await restarted(setting, 'gateway') },
  'network to the broker': { weight: 4, withinMs: 60_000, work: async setting => await weather(setting, 'kafka') },
  'network to Redis': { weight: 2, withinMs: 60_000, work: async setting => await weather(setting, 'redis') },
  'network to ClickHouse': { weight: 1, withinMs: 60_000, work: async setting => await weather(setting, 'clickhouse') },
  'network to the gateway': { weight: 1, withinMs: 60_000, work: async setting => await weather(setting, 'gateway') }
}

/** The kind of trouble that comes next, by the random numbers alone. */
export function nextKind (random: Pick<Random, 'unit'>): string {
  const names = Object.keys(kinds)
  let left = random.unit() * Object.values(kinds).reduce((sum, { weight }) => sum + weight, 0)
  for (const name of names) {
    left -= kinds[name]?.weight ?? 0
    if (left < 0) return name
  }
  return names.at(-1) ?? ''
}

/**
 * Does one thing after another as long as it may, with a pause in which everything can go on. What it does and for how long follows from
 * the random numbers; when it hits what, from the machine as well.
 */
export async function torment (setting: Setting, mayGoOn: () => boolean, told: (fault: Fault) => void): Promise<void> {
  while (mayGoOn()) {
    await sleep(setting.random.integer(1000, 6000))
    const name = nextKind(setting.random)
    const fromMs = Date.now()
    await kinds[name]?.work(setting)
    told({ kind: name, fromMs, toMs: Date.now(), withinMs: kinds[name]?.withinMs ?? 0, hidesFromApi: false })
  }
}
