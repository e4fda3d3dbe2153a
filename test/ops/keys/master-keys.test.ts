import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { systemClock } from '#streams'
import { keysCommand } from '../../../ops/keys/cli.ts'
import { createFileKeyStore } from '../../../ops/keys/file-key-store.ts'
import { readMasterKeys } from '../../../ops/keys/master-key-file.ts'
import { decryptPersonal, encryptPersonal } from '../../../topology/personal.ts'
import { createKeyring } from '../../../topology/privacy/keyring.ts'
import { createLocalMasterKeys } from '../../../topology/privacy/local-master-keys.ts'

function scene (t: Test) {
  const folder = t.testdir()
  const file = join(folder, 'master.key')
  const store = createFileKeyStore(join(folder, 'keys'))
  const masterKeys = createLocalMasterKeys(async () => await readMasterKeys(file))
  const open = () => createKeyring({ store, masterKeys: createLocalMasterKeys(async () => await readMasterKeys(file)), clock: systemClock })
  const lines: string[] = []
  const run = async (name: string) => { await keysCommand(name, { store, masterKeys, file, print: line => lines.push(line) }) }
  return { file, store, masterKeys, open, run, lines }
}

const data = { email: 'ada@example.org' }

test('a rotation wraps every data key again without touching data, and both master keys count meanwhile', async t => {
  const { file, store, open, run, lines } = scene(t)
  const running = open()
  const old = await encryptPersonal(running, 'customer/1', 'contact', data)
  const erased = await encryptPersonal(running, 'customer/2', 'contact', data)
  await running.destroy('customer/2')
  const [first] = await readMasterKeys(file)
  const copy = await store.read('customer/1')

  await run('rotate')
  t.equal((await stat(file)).mode & 0o777, 0o600)
  const fresh = await encryptPersonal(running, 'customer/3', 'contact', data)
  t.same(await decryptPersonal(open(), 'contact', old), data, 'the old one opens')
  t.same(await decryptPersonal(open(), 'contact', fresh), data, 'the new one wraps and opens')
  await t.rejects(run('rotate'), { code: 'OPS_MASTER_KEY_ROTATING' }, 'no third one')
  await t.rejects(run('retire'), { code: 'OPS_MASTER_KEY_IN_USE' }, 'while it is needed')
  t.equal((await readMasterKeys(file)).length, 2)

  await run('rewrap')
  t.equal(lines.at(-1), '1 data keys wrapped again, 1 were already, 1 are destroyed')
  await run('rewrap')
  t.equal(lines.at(-1), '0 data keys wrapped again, 2 were already, 1 are destroyed', 'repeated it has nothing to do')
  await run('retire')
  t.equal((await readMasterKeys(file)).length, 1)
  for (const personal of [old, fresh]) t.same(await decryptPersonal(open(), 'contact', personal), data)
  t.same(await decryptPersonal(running, 'contact', old), data, 'in a process that ran through it')
  t.equal(await decryptPersonal(open(), 'contact', erased), null)

  const kept = createLocalMasterKeys(async () => await readMasterKeys(file))
  if (copy?.kind !== 'live') throw new Error('it is there')
  t.equal(copy.key.masterKeyId, first?.id)
  await t.rejects(kept.unwrap('customer/1', copy.key), { code: 'KEYS_UNAVAILABLE', message: /is not there/ }, 'a copy of the key store from before is worth nothing')
})

test('the state of the keys is told by master key', async t => {
  const { open, run, lines } = scene(t)
  await open().dataKey('customer/1')
  await run('rotate')
  lines.length = 0
  await run('status')
  t.equal(lines.length, 2)
  t.match(lines.find(line => line.includes('(wraps)')), /^local:[0-9a-f]{16} \(wraps\): 0 data keys$/)
  t.match(lines.find(line => !line.includes('(wraps)')), /: 1 data keys$/)
  await t.rejects(run('unknown'), { code: 'OPS_OPTION_INVALID' })
})

test('the commands of a master key that a service holds are the service\'s', async t => {
  const { store, masterKeys } = scene(t)
  await t.rejects(keysCommand('rotate', { store, masterKeys, file: undefined, print: () => {} }), { code: 'OPS_OPTION_INVALID', message: /rotate it there/ })
})

test('a wrapped key does not open under another id, and a file that holds no key is an error', async t => {
  const { file, masterKeys } = scene(t)
  const key = await masterKeys.wrap('customer/1', Buffer.alloc(32, 3))
  t.same(await masterKeys.unwrap('customer/1', key), Buffer.alloc(32, 3))
  await t.rejects(masterKeys.unwrap('customer/2', key), { code: 'KEYS_UNAVAILABLE' })
  t.notMatch(key.bytes.toString('latin1'), Buffer.alloc(32, 3).toString('latin1'))
  await writeFile(file, `${await readFile(file, 'utf8')}short\n`)
  await t.rejects(masterKeys.newest(), { code: 'KEYS_UNAVAILABLE', message: 'the master keys cannot be read' })
})
