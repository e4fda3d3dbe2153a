import { randomBytes } from 'node:crypto'
import { test } from 'tap'
import { PersonErased, decryptPersonal, encryptPersonal, noPersonal } from '../../topology/personal.ts'
import { customerKeyId, guestKeyId, subjectKeyId } from '../../topology/privacy/subject.ts'
import { derivedKeys } from '../support/derived-keys.ts'

const data = { name: 'Ada Example', line1: '1 Sample Street' }

test('personal data comes back when the key is there', async t => {
  const keys = derivedKeys(randomBytes(32))
  const personal = await encryptPersonal(keys, 'customer-1', 'address', data)
  t.equal(personal.keyId, 'customer-1')
  t.notOk(personal.ciphertext.includes('Ada'))
  t.same(await decryptPersonal(keys, 'address', personal), data)
})

test('personal data of one person encrypts to the same bytes when it is given twice', async t => {
  const keys = derivedKeys(Buffer.alloc(32, 1))
  t.same(await encryptPersonal(keys, 'c', 'address', data), await encryptPersonal(keys, 'c', 'address', data))
  t.notSame((await encryptPersonal(keys, 'd', 'address', data)).ciphertext, (await encryptPersonal(keys, 'c', 'address', data)).ciphertext)
})

test('the same text never gets the same nonce when it is of another kind: a key whose nonce comes twice protects nothing', async t => {
  const keys = derivedKeys(Buffer.alloc(32, 1))
  const nonces = await Promise.all((['address', 'profile', 'receipt'] as const).map(async kind => (await encryptPersonal(keys, 'c', kind, data)).ciphertext.subarray(0, 12)))
  t.equal(new Set(nonces.map(nonce => nonce.toString('hex'))).size, 3)
})

test('personal data is refused when a byte was changed, or the key id or the kind was swapped', async t => {
  const keys = derivedKeys(randomBytes(32))
  const personal = await encryptPersonal(keys, 'c', 'address', data)
  for (const index of [0, 15, personal.ciphertext.length - 1]) {
    const ciphertext = Buffer.from(personal.ciphertext)
    ciphertext[index] = (ciphertext[index] ?? 0) ^ 1
    await t.rejects(decryptPersonal(keys, 'address', { ...personal, ciphertext }), `byte ${index}`)
  }
  await t.rejects(decryptPersonal(keys, 'address', { ...personal, keyId: 'other' }))
  await t.rejects(decryptPersonal(keys, 'profile', personal))
  await t.rejects(decryptPersonal(keys, 'address', { keyId: 'c', ciphertext: Buffer.alloc(5) }), { message: /cut short/ })
})

test('a person is erased when the key was destroyed: nothing is read, and nothing can be written again', async t => {
  const keys = derivedKeys(randomBytes(32))
  const personal = await encryptPersonal(keys, 'c', 'contact', { email: 'ada@example.org' })
  await keys.destroy('c')
  t.equal(await decryptPersonal(keys, 'contact', personal), null)
  await t.rejects(encryptPersonal(keys, 'c', 'contact', { email: 'ada@example.org' }), PersonErased)
})

test('personal data that was not given takes no key', async t => {
  const asked: string[] = []
  const keys = { dataKey: async (id: string) => { asked.push(id); return null }, findKey: async (id: string) => { asked.push(id); return null } }
  t.same(await decryptPersonal(keys, 'address', noPersonal), {})
  t.same(asked, [])
})

test('the key of an order is that of its customer, and a guest has one of his own', t => {
  t.equal(subjectKeyId({ customerId: 'c1', orderId: 'o1' }), customerKeyId('c1'))
  t.equal(subjectKeyId({ customerId: null, orderId: 'o1' }), guestKeyId('o1'))
  t.not(customerKeyId('o1'), guestKeyId('o1'), 'no customer reads what a guest gave')
  t.end()
})
