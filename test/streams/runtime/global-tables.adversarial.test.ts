import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { test } from 'tap'
import { defineGlobalTable, type GlobalTableDef, silentLogger, StreamsError } from '../../../streams/index.ts'
import { createManualClock, createMemoryBroker, type ManualClock, type MemoryBroker } from '../../../streams/testing/index.ts'
import { GlobalTableSet } from '../../../streams/runtime/global-table.ts'
import { CacheBudget, type RowCache } from '../../../streams/runtime/row-cache.ts'
import { attack, isCaught } from '../attack.ts'
import { topic } from './counting.ts'

interface Price { readonly type: 'Price', readonly amount: number }
const PARTITIONS = 2
const KEYS = ['a', 'b', 'c', 'd', '__proto__']

type Step =
  | { readonly kind: 'put' | 'remove' | 'abort' | 'garbage', readonly key: number, readonly amount: number }
  | { readonly kind: 'compact' | 'restart' | 'refresh' | 'cut' | 'heal' | 'registry-down' | 'registry-up' | 'look' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('put' as const, 'put' as const, 'remove' as const, 'abort' as const, 'garbage' as const), key: fc.nat(KEYS.length - 1), amount: fc.nat(999)
    })
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom(...['compact', 'restart', 'refresh', 'cut', 'heal', 'registry-down', 'registry-up', 'look'] as const)
    })
  }
)

/** The topic of a table, and what a table of it must hold: the last committed readable value of each key, with its offset. */
class Scene {
  readonly clock: ManualClock = createManualClock()
  readonly broker: MemoryBroker = createMemoryBroker({ clock: this.clock })
  readonly client = this.broker.client()
  readonly model = new Map<string, readonly [amount: number, version: bigint]>()
  readonly def: GlobalTableDef<Price>
  isRegistryUp = true
  tables: GlobalTableSet
  #aborts = 0

  constructor (forgets: boolean) {
    const base = topic<Price>('prices', PARTITIONS)
    this.def = defineGlobalTable('prices', {
      ...base,
      value: {
        ...base.value,
        prepare: () => this.isRegistryUp ? null : Promise.reject(new StreamsError('STR_REGISTRY_UNAVAILABLE')),
        decode: bytes => {
          const value = base.value.decode(bytes)
          return forgets && value.amount % 10 === 7 ? { ...value, amount: 0 } : value
        }
      }
    })
    this.broker.createTopic({ name: 'prices', partitions: PARTITIONS, replicas: 1, config: {} })
    this.tables = this.#open()
  }

  #open (): GlobalTableSet {
    return new GlobalTableSet({ kafka: this.client, clock: this.clock, logger: silentLogger, defs: [this.def] })
  }

  async write (key: string, value: Buffer | null): Promise<bigint> {
    const partition = Math.max(0, KEYS.indexOf(key)) % PARTITIONS
    const sent = await this.broker.client('writer').producer().send([{ topic: 'prices', partition, key: Buffer.from(key), value, headers: [] }])
    return sent[0]?.offset ?? -1n
  }

  async abort (key: string, amount: number): Promise<void> {
    const transactionalId = `aborted-${this.#aborts++}`
    const unit = this.broker.client('aborter').openTransactions({ transactionalId })
    await unit.init()
    this.broker.faults.fail({ api: 'endTxn', transactionalId }, { phase: 'request' })
    const record = { topic: 'prices', partition: KEYS.indexOf(key) % PARTITIONS, key: Buffer.from(key), value: this.encode(amount), headers: [] }
    await unit.commit([record]).catch(() => {})
    await unit.init()
  }

  encode (amount: number): Buffer {
    return this.def.topic.value.encode({ type: 'Price', amount })
  }

  /** Waits for what needs time, and for what needs the network and the registry. */
  async settle (): Promise<void> {
    this.client.heal()
    this.isRegistryUp = true
    for (let n = 0; n < 4; n++) {
      await this.clock.advance(1_000)
      for (let spin = 0; spin < 8; spin++) await turn()
    }
  }

  async restart (): Promise<void> {
    await this.settle()
    await this.tables.close()
    this.tables = this.#open()
    await this.tables.start()
  }

  check (): void {
    const rows = [...this.tables.table('prices')].map(([key, { value, version }]) => [key, (value as unknown as Price).amount, version] as const)
    assert.deepStrictEqual(rows.sort(), [...this.model].map(([key, [amount, version]]) => [key, amount, version] as const).sort())
    const [status] = this.tables.status()
    const sizes = [...this.model].map(([key, [amount]]) => key.length + this.encode(amount).length + 200)
    assert.equal(status?.bytes, sizes.reduce((sum, size) => sum + size, 0), 'the bytes that are counted are those of its rows')
    for (const { lag } of status?.partitions ?? []) assert.equal(lag, 0n)
  }
}

function followsItsTopic (forgets = false): fc.IAsyncProperty<[Step[]]> {
  return fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async steps => {
    const scene = new Scene(forgets)
    try {
      await scene.tables.start()
      for (const one of steps) {
        switch (one.kind) {
          case 'put': {
            const key = KEYS[one.key] as string
            scene.model.set(key, [one.amount, await scene.write(key, scene.encode(one.amount))])
            break
          }
          case 'remove':
            await scene.write(KEYS[one.key] as string, null)
            scene.model.delete(KEYS[one.key] as string)
            break
          case 'abort': await scene.abort(KEYS[one.key] as string, one.amount); break
          // One of a key of its own: what cannot be read never takes the place of what could be.
          case 'garbage': await scene.write('rubbish', Buffer.from('{')); break
          case 'compact': scene.broker.compact('prices'); break
          case 'restart': await scene.restart(); break
          case 'refresh':
            await scene.settle()
            await scene.tables.refresh('prices')
            break
          case 'cut': scene.client.isolate(); break
          case 'heal': scene.client.heal(); break
          case 'registry-down': scene.isRegistryUp = false; break
          case 'registry-up': scene.isRegistryUp = true; break
          case 'look':
            await scene.settle()
            await scene.tables.catchUp('prices', new AbortController().signal)
            scene.check()
        }
      }
      await scene.settle()
      await scene.tables.catchUp('prices', new AbortController().signal)
      scene.check()
    } finally {
      scene.client.heal()
      await scene.tables.close()
      await scene.broker.close()
    }
  })
}

test('a global table holds the last committed value of each key, over aborted, compacted, removed and unreadable records, cuts and restarts', async () => {
  await fc.assert(followsItsTopic(), attack(80))
})

test('a global table that reads a value wrongly is caught by the same histories', async t => {
  t.ok(await isCaught(followsItsTopic(true), 60))
})

const what = fc.constantFrom(...['set', 'set', 'set', 'get', 'get', 'get', 'reopen'] as const)
/** Work on caches that share one budget: some are closed and opened anew, as tasks come and go. */
const work = fc.array(fc.record({ cache: fc.nat(3), key: fc.nat(9), size: fc.integer({ min: -1, max: 700 }), what }), { maxLength: 150, size: 'max' })

test('row caches answer what was written last or nothing, within their bytes, also when tasks come and go among them', async t => {
  let [hits, asked] = [0, 0]
  fc.assert(fc.property(work, fc.integer({ min: 2_000, max: 12_000 }), (list, limit) => {
    const budget = new CacheBudget(limit)
    const caches: RowCache[] = Array.from({ length: 4 }, () => budget.open())
    const model = caches.map(() => new Map<string, Buffer | null>())
    const held: Array<readonly [view: Buffer, bytes: Buffer]> = []
    for (const [n, { cache, key, size, what }] of list.entries()) {
      const [one, rows] = [caches[cache] as RowCache, model[cache] as Map<string, Buffer | null>]
      if (what === 'reopen') {
        one.close()
        caches[cache] = budget.open()
        rows.clear()
      } else if (what === 'set') {
        const row = size < 0 ? null : Buffer.alloc(size, n % 251)
        one.set(`k${key}`, row)
        rows.set(`k${key}`, row)
      } else {
        const found = one.get(`k${key}`)
        asked++
        if (found === undefined) continue
        hits++
        assert.deepStrictEqual(found, rows.get(`k${key}`))
        if (found !== null) held.push([found, Buffer.from(found)])
      }
      assert.ok(budget.bytes <= limit + 4, `${budget.bytes} of ${limit}`)
    }
    for (const [view, bytes] of held) assert.deepStrictEqual(view, bytes, 'a row that was given out changes no more')
  }), attack(300))
  t.ok(hits > asked / 10, `${hits} of ${asked} were there`)
})
