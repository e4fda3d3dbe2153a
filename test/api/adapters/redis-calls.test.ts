import { test } from 'tap'
import { createRedisCalls } from '../../../api/adapters/redis-calls.ts'
import { type RedisPath } from '../../../streams/state/redis/connection.ts'
import { createManualClock } from '../../../streams/time/manual-clock.ts'

/** Calls over an answer of the test's own; says what was asked and told. */
function build (answer: () => Promise<readonly unknown[]>) {
  const clock = createManualClock()
  const asked: string[] = []
  const told: Array<string | undefined> = []
  const path: RedisPath = {
    ask: async ([command]) => {
      asked.push(String(command?.args[2]))
      return await answer()
    },
    run: async () => []
  }
  const calls = createRedisCalls({ paths: { to: () => path }, applicationId: 'commerce', clock, onChange: error => { told.push(error?.message) } })
  return { calls, clock, asked, told }
}

test('a call is answered, and its key stands in the hash tag of the application', async t => {
  const { calls, asked, told } = build(async () => [7])
  t.equal(await calls.run('return 7', 'limit:a', []), 7)
  t.same(asked, ['{commerce:api:limit:a}'])
  t.same(told, [])
})

test('a call to a redis that is down is answered at once, and told once', async t => {
  const { calls, asked, told } = build(async () => { throw new Error('down') })
  for (let i = 0; i < 5; i++) t.equal(await calls.run('', 'k', []), undefined)
  t.equal(asked.length, 1, 'it is not asked again while it rests')
  t.same(told, ['down'])
})

test('a call to a redis that is silent is given up after 100 ms', async t => {
  const { calls, clock } = build(async () => await new Promise(() => {}))
  const answer = calls.run('', 'k', [])
  await clock.advance(99)
  const pending = Symbol('pending')
  t.equal(await Promise.race([answer, Promise.resolve(pending)]), pending)
  await clock.advance(1)
  t.equal(await answer, undefined)
})

test('redis is asked again when it has rested, and told once when it answers', async t => {
  let works = false
  const { calls, clock, asked, told } = build(async () => { if (works) return [1]; throw new Error('down') })
  await calls.run('', 'k', [])
  works = true
  await clock.advance(999)
  t.equal(await calls.run('', 'k', []), undefined)
  await clock.advance(1)
  t.equal(await calls.run('', 'k', []), 1)
  t.equal(await calls.run('', 'k', []), 1)
  t.equal(asked.length, 3)
  t.same(told, ['down', undefined])
})
