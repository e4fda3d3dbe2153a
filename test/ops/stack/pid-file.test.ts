import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { parsePidRecord, readPidFile, writePidFile, type PidRecord } from '../../../ops/stack/pid-file.ts'
import { identityOfStat, isRunning, processIdentity } from '../../../ops/stack/process-identity.ts'

const record: Omit<PidRecord, 'identity'> = { pid: process.pid, fingerprint: 'f', startedAtMs: 1, stopSignal: 'SIGTERM', graceMs: 10 }

test('a pid file names its process while it runs', async t => {
  const path = join(t.testdir({}), 'run', 'x.pid')
  const written = writePidFile(path, record)
  t.match(written, record)
  t.same(readPidFile(path), written)
})

test('a pid file is removed when its process has ended', async t => {
  const path = join(t.testdir({}), 'x.pid')
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(child, 'spawn')
  t.ok(writePidFile(path, { ...record, pid: child.pid ?? 0 }))
  t.equal(readPidFile(path)?.pid, child.pid)
  child.kill('SIGKILL')
  await once(child, 'exit')
  t.equal(readPidFile(path), undefined)
  t.notOk(existsSync(path))
})

test('a pid file is not believed when its number belongs to another process by now', async t => {
  const path = join(t.testdir({}), 'x.pid')
  writeFileSync(path, JSON.stringify({ ...record, identity: 'another boot/1' }))
  t.equal(readPidFile(path), undefined)
  t.notOk(existsSync(path))
})

test('a pid file counts as none when it is torn or foreign', async t => {
  const path = join(t.testdir({}), 'x.pid')
  for (const text of ['', '123', '{"pid":', '{"pid":1,"identity":"x"}', 'null', JSON.stringify({ ...record, identity: 7 })]) {
    t.equal(parsePidRecord(text), undefined, text)
    writeFileSync(path, text)
    t.equal(readPidFile(path), undefined)
  }
  t.equal(parsePidRecord(JSON.stringify({ ...record, identity: 'x', pid: 1 })), undefined, 'never the first process')
})

test('a process has one identity as long as it lives, and none when there is no such process', async t => {
  const mine = processIdentity(process.pid)
  t.ok(mine)
  t.equal(processIdentity(process.pid), mine)
  t.ok(isRunning(process.pid, mine ?? ''))
  t.notOk(isRunning(process.pid, ''))
  t.equal(processIdentity(2 ** 30), undefined)
})

test('the identity is read behind the program name, whatever that name holds', async t => {
  const fields = ['S', ...Array.from({ length: 16 }, (_, index) => String(index)), '1', '0', '777', '0']
  t.equal(identityOfStat(`42 (a) b (c) ${fields.join(' ')}`, 'boot'), 'boot/777')
  t.equal(identityOfStat(`42 (gone) ${['Z', ...fields.slice(1)].join(' ')}`, 'boot'), undefined, 'an unreaped process does not run')
  t.equal(identityOfStat(`42 (ending) ${['Z', ...fields.slice(1, 17), '3', ...fields.slice(18)].join(' ')}`, 'boot'), 'boot/777', 'it runs until its last thread has ended')
  t.equal(identityOfStat('42 (short) S', 'boot'), undefined)
})
