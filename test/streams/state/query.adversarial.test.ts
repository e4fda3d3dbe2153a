import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'tap'
import { defineStore } from '../../../streams/processor.ts'
import { textSerde } from '../../../streams/serde/text.ts'
import { encodeProgress } from '../../../streams/state/changelog.ts'
import { createMemoryBackend, type MemoryBackend } from '../../../streams/state/memory/index.ts'
import { createStateQuery, type StateQuery } from '../../../streams/state/query.ts'
import { createManualClock } from '../../../streams/time/manual-clock.ts'
import { attack, isCaught } from '../attack.ts'

const rows = defineStore('rows', textSerde)
const KEYS = ['a', 'b', 'c', 'é', '__proto__']

type Step =
  | { readonly kind: 'apply', readonly writes: ReadonlyArray<readonly [key: number, value: number | null]>, readonly isRestoring: boolean }
  | { readonly kind: 'claim' | 'stale-apply' | 'flush' | 'snapshot' | 'go-back' | 'ask' }
  | { readonly kind: 'await', readonly ahead: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('apply' as const), writes: fc.array(fc.tuple(fc.nat(4), fc.option(fc.nat(9))), { maxLength: 4 }), isRestoring: fc.boolean() })
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom(...['claim', 'stale-apply', 'flush', 'snapshot', 'go-back', 'ask', 'ask'] as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('await' as const), ahead: fc.nat(3) }) }
)

/** What the state is, kept apart from it. */
interface Model {
  readonly rows: ReadonlyMap<string, string>
  readonly position: bigint
  readonly isReady: boolean
  readonly token: bigint
  readonly hasProgress: boolean
}

const nothing: Model = { rows: new Map(), position: 0n, isReady: false, token: 0n, hasProgress: false }

class Scene {
  readonly backend: MemoryBackend = createMemoryBackend()
  model = nothing
  token = 0n
  sequence = 0n

  get task (): ReturnType<MemoryBackend['open']> { return this.backend.open('app:shop:0', ['rows']) }

  async claim (): Promise<void> {
    this.token += 1_000n
    await this.task.claim({ token: this.token, incarnation: `i${this.token}`, nowMs: 0 })
    this.model = { ...this.model, token: this.token }
  }

  async apply (writes: ReadonlyArray<readonly [key: number, value: number | null]>, isRestoring: boolean): Promise<void> {
    if (this.model.token === 0n) await this.claim()
    const { position: expectedPosition, token } = this.model
    const position = expectedPosition + 5n
    await this.task.apply({
      token,
      incarnation: `i${token}`,
      expectedPosition,
      position,
      sequence: ++this.sequence,
      progress: encodeProgress({ sequence: this.sequence, contextTimeMs: 0, offsets: new Map([['in', position]]) }),
      progressOffset: position - 1n,
      nowMs: 0,
      writes: writes.map(([key, value]) => ({ store: 'rows', key: KEYS[key] as string, value: value === null ? null : Buffer.from(String(value)) })),
      timers: [],
      restoring: isRestoring
    })
    const after = new Map(this.model.rows)
    for (const [key, value] of writes) {
      if (value === null) after.delete(KEYS[key] as string)
      else after.set(KEYS[key] as string, String(value))
    }
    this.model = { ...this.model, rows: after, position, isReady: !isRestoring, hasProgress: true }
  }
}

async function checkAnswers (query: StateQuery, { rows: wanted, position, isReady, token, hasProgress }: Model): Promise<void> {
  const answer = await query.get('shop', 0, KEYS.map(key => [rows, key] as const))
  if (token === 0n) return assert.deepStrictEqual(answer, { status: 'missing' })
  if (!isReady || !hasProgress) return assert.deepStrictEqual(answer, { status: 'restoring' })
  if (answer.status !== 'ready') throw new Error(answer.status)
  assert.deepStrictEqual([answer.values, answer.position, answer.progress.offsets.get('in')], [KEYS.map(key => wanted.get(key)), position, position])
  // All pages together are the whole store, in the order of the keys' bytes.
  const pages: Array<readonly [string, string]> = []
  for (let after: string | undefined, isOver = false; !isOver;) {
    const page = await query.scan('shop', 0, rows, { limit: 2, ...after === undefined ? {} : { after } })
    if (page.status !== 'ready') throw new Error(page.status)
    pages.push(...page.values.rows)
    after = page.values.next
    isOver = after === undefined
  }
  assert.deepStrictEqual(pages, [...wanted].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
}

function answersAreTrue (ask: (query: StateQuery) => StateQuery = query => query): fc.IAsyncProperty<[Step[]]> {
  return fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), async steps => {
    const scene = new Scene()
    const query = ask(createStateQuery({ backend: scene.backend, applicationId: 'app' }))
    const clock = createManualClock()
    let snapshot = [scene.backend.snapshot(), scene.model] as const
    for (const one of steps) {
      switch (one.kind) {
        case 'apply': await scene.apply(one.writes, one.isRestoring); break
        case 'claim': await scene.claim(); break
        case 'stale-apply': // of an owner that is no more: it changes nothing that can be seen
          await scene.task.apply({
            token: 1n,
            incarnation: 'old',
            expectedPosition: scene.model.position,
            position: 99n,
            sequence: 99n,
            progress: Buffer.alloc(0),
            progressOffset: 98n,
            nowMs: 0,
            writes: KEYS.map(key => ({ store: 'rows', key, value: Buffer.from('stale') })),
            timers: [],
            restoring: false
          })
          break
        case 'flush':
          scene.backend.flush()
          scene.model = { ...nothing }
          break
        case 'snapshot': snapshot = [scene.backend.snapshot(), scene.model]; break
        case 'go-back':
          scene.backend.restore(snapshot[0])
          scene.model = snapshot[1]
          break
        case 'ask': await checkAnswers(query, scene.model); break
        case 'await': {
          const { isReady, hasProgress, position } = scene.model
          const offset = position - 2n + BigInt(one.ahead)
          const isThere = isReady && hasProgress && offset < position
          assert.equal(await query.waitFor('shop', 0, { topic: 'in', partition: 0, offset }, { clock, timeoutMs: 0 }), isThere)
        }
      }
    }
    await checkAnswers(query, scene.model)
  })
}

test('a query answers rows, pages and position of one moment as they were applied, and nothing while that moment is in doubt', async t => {
  await fc.assert(answersAreTrue(), attack(200))
  const eager = (query: StateQuery): StateQuery => ({
    ...query,
    get: async (processor, partition, wanted) => {
      const answer = await query.get(processor, partition, wanted)
      return answer.status === 'restoring' ? { status: 'missing' } : answer
    }
  })
  t.ok(await isCaught(answersAreTrue(eager), 60), 'one that says missing of what is being restored is caught')
})
