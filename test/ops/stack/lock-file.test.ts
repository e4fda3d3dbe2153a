import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'tap'
import { withLock } from '../../../ops/stack/lock-file.ts'

test('the lock is held by one at a time when many want it', async t => {
  const path = join(t.testdir({}), 'a', 'lock')
  let inside = 0
  let most = 0
  await Promise.all(Array.from({ length: 5 }, async () => await withLock(path, { waitMs: 30_000 }, async () => {
    most = Math.max(most, ++inside)
    await sleep(5)
    inside--
  })))
  t.equal(most, 1)
  t.same(readdirSync(dirname(path)), [], 'nothing is left behind')
})

test('the lock is free again when the work fails', async t => {
  const path = join(t.testdir({}), 'lock')
  await t.rejects(withLock(path, { waitMs: 0 }, async () => { throw new Error('work') }), { message: 'work' })
  t.notOk(existsSync(path))
})

test('the lock of a dead process is taken over', async t => {
  const path = join(t.testdir({}), 'lock')
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  writeFileSync(path, JSON.stringify({ pid: child.pid, identity: 'gone', nonce: 'old' }))
  t.equal(await withLock(path, { waitMs: 0 }, async () => 'mine'), 'mine')
})

test('the lock is taken over when its file cannot be read', async t => {
  const path = join(t.testdir({ lock: 'torn {' }), 'lock')
  t.equal(await withLock(path, { waitMs: 0 }, async () => 'mine'), 'mine')
  t.notOk(existsSync(path))
})

test('waiting for the lock ends by naming its holder when it stays held', async t => {
  const path = join(t.testdir({}), 'lock')
  const waitedFor: number[] = []
  await withLock(path, { waitMs: 0 }, async () => {
    await t.rejects(withLock(path, { waitMs: 150, onWait: pid => waitedFor.push(pid) }, async () => {}), { code: 'OPS_STACK_BUSY', context: { pid: process.pid } })
  })
  t.same(waitedFor, [process.pid], 'told once')
})

test('waiting for the lock ends with the reason of the signal when it is aborted', async t => {
  const path = join(t.testdir({}), 'lock')
  const signal = AbortSignal.abort(new Error('enough'))
  await withLock(path, { waitMs: 0 }, async () => {
    await t.rejects(withLock(path, { waitMs: 60_000, signal }, async () => {}), { message: 'enough' })
  })
})
