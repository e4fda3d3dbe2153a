import { link, mkdir, open, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { createFileKeyStore } from '../../../ops/keys/file-key-store.ts'
import { testKeyStore } from '../../conformance/key-store.ts'

const wrapped = { masterKeyId: 'm1', bytes: Buffer.from('a wrapped key') }

async function filesOf (folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name)).sort()
}

async function one (t: Test): Promise<{ readonly folder: string, readonly store: ReturnType<typeof createFileKeyStore>, readonly file: string }> {
  const folder = join(t.testdir(), 'keys')
  const store = createFileKeyStore(folder)
  await store.create('customer/1', wrapped)
  const [file = ''] = await filesOf(folder)
  return { folder, store, file }
}

test('a key store in a folder keeps to the port', t => {
  testKeyStore(t, async t => {
    const folder = join(t.testdir(), 'keys')
    return { store: createFileKeyStore(folder), open: () => createFileKeyStore(folder) }
  })
  t.end()
})

test('a key file is its owner\'s alone, and names nobody', async t => {
  const { folder, file } = await one(t)
  t.equal((await filesOf(folder)).length, 1, 'no draft is left')
  t.equal((await stat(file)).mode & 0o777, 0o600)
  t.equal((await stat(join(file, '..'))).mode & 0o777, 0o700)
  t.match(file, /[/\\][0-9a-f]{2}[/\\][0-9a-f]{64}\.key$/)
})

test('the bytes of a destroyed key are overwritten before its file goes, seen through a second name of the file', async t => {
  const { folder, store, file } = await one(t)
  const second = join(t.testdirName, 'second-name')
  await link(file, second)
  await store.destroy('customer/1', 5)
  t.ok((await readFile(second)).every(byte => byte === 0))
  const [left = '', ...more] = await filesOf(folder)
  t.same(more, [])
  t.match(left, /\.gone$/)
  t.notMatch(await readFile(left, 'utf8'), wrapped.bytes.toString('base64'))
})

test('what a killed process left of a key goes with it: its drafts, and a file that was to be removed', async t => {
  const { folder, store, file } = await one(t)
  const text = await readFile(file, 'utf8')
  await writeFile(`${file}.4711.0badcafe`, text)
  await store.destroy('customer/1', 5)
  // As if it had died after it said that the key is gone, and before it removed it.
  await writeFile(file, text)
  t.match(await store.read('customer/1'), { kind: 'destroyed', destroyedAt: 5 })
  t.match(await store.destroy('customer/1', 6), { destroyedAt: 5 })
  t.same((await filesOf(folder)).filter(name => !name.endsWith('.gone')), [])
})

test('a wrapping that is replaced is overwritten, too', async t => {
  const { store, file } = await one(t)
  const before = await open(file, 'r')
  t.teardown(async () => { await before.close() })
  await store.rewrap('customer/1', { masterKeyId: 'm2', bytes: Buffer.from('another') })
  t.ok((await before.readFile()).every(byte => byte === 0))
})

test('a key file that holds something else is an error, and no other key is made', async t => {
  const { store, file } = await one(t)
  const good = await readFile(file)
  await writeFile(file, '{"keyId":"customer/2","masterKeyId":"m1","wrapped":"AAAA"}\n')
  await t.rejects(store.read('customer/1'), { code: 'KEYS_UNAVAILABLE' }, 'the file of another id')
  await writeFile(file, good.subarray(0, 20))
  await t.rejects(store.create('customer/1', wrapped), { code: 'KEYS_UNAVAILABLE' }, 'half a file')
})

test('a folder that cannot be used is an error of the port', async t => {
  const file = join(t.testdir({ occupied: 'a file' }), 'occupied')
  const store = createFileKeyStore(file)
  await t.rejects(store.create('customer/1', wrapped), { code: 'KEYS_UNAVAILABLE', message: 'the folder of data keys cannot be used' })
  await mkdir(join(t.testdirName, 'empty'))
  const none: string[] = []
  for await (const { keyId } of createFileKeyStore(join(t.testdirName, 'empty')).list()) none.push(keyId)
  t.same(none, [])
})
