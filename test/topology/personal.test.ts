import { randomBytes } from 'node:crypto'
import { test } from 'tap'
import { type KeyProvider, createDevelopmentKeys, decryptPersonal, encryptPersonal } from '../../topology/personal.ts'

const data = { name: 'Ada Example', line1: '1 Sample Street' }

test('personal data comes back when the key is there', async t => {
  const keys = createDevelopmentKeys(randomBytes(32))
  const personal = await encryptPersonal(keys, 'customer-1', data)
  t.equal(personal.keyId, 'customer-1')
  t.notOk(personal.ciphertext.includes('Ada'))
  t.same(await decryptPersonal(keys, personal), data)
})

test('personal data of one person encrypts to the same bytes when it is given twice', async t => {
  const keys = createDevelopmentKeys(Buffer.alloc(32, 1))
  t.same(await encryptPersonal(keys, 'c', data), await encryptPersonal(keys, 'c', data))
  t.notSame((await encryptPersonal(keys, 'd', data)).ciphertext, (await encryptPersonal(keys, 'c', data)).ciphertext)
})

test('personal data is refused when a byte was changed or the key id was swapped', async t => {
  const keys = createDevelopmentKeys(randomBytes(32))
  const personal = await encryptPersonal(keys, 'c', data)
  for (const index of [0, 15, personal.ciphertext.length - 1]) {
    const ciphertext = Buffer.from(personal.ciphertext)
    ciphertext[index] = (ciphertext[index] ?? 0) ^ 1
    await t.rejects(decryptPersonal(keys, { ...personal, ciphertext }), `byte ${index}`)
  }
  await t.rejects(decryptPersonal(keys, { ...personal, keyId: 'other' }))
  await t.rejects(decryptPersonal(keys, { keyId: 'c', ciphertext: Buffer.alloc(5) }), { message: /cut short/ })
})

test('a person is erased when the key was destroyed', async t => {
  const keys = createDevelopmentKeys(randomBytes(32))
  const personal = await encryptPersonal(keys, 'c', data)
  const destroyed: KeyProvider = { dataKey: async () => null }
  t.equal(await decryptPersonal(destroyed, personal), null)
  await t.rejects(encryptPersonal(destroyed, 'c', data), { message: /was destroyed/ })
})

test('a master key of another length is refused', t => {
  t.throws(() => createDevelopmentKeys(Buffer.alloc(16)), RangeError)
  t.end()
})
