import { type Test, test } from 'tap'
import { type EraseSubject } from '#schemas'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { createIdentityProcessor, identityKeyOf, userStore } from '../../../topology/identity/process-identity.ts'
import { type DestroyedKey } from '../../../topology/privacy/key-store.ts'
import { createPrivacyProcessor, erasureStore } from '../../../topology/privacy/process-privacy.ts'
import { customerKeyId, guestKeyId } from '../../../topology/privacy/subject.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { idOf, metaOf, registration, startMs, userId } from '../identity/identity-fixtures.ts'

await bindMemoryCodec()

const keyId = customerKeyId(userId)
const digest = 'd'.repeat(64)

function erase (more: Partial<EraseSubject> = {}): EraseSubject {
  return { type: 'EraseSubject', meta: { ...metaOf(idOf(70)), principal: 'admin-1' }, keyId, subject: userId, accountId: userId, reason: 'asked for', ...more }
}

async function scene (t: Test) {
  const asked: string[] = []
  let answer = async (): Promise<DestroyedKey> => ({ destroyedAt: 77, digest })
  const processor = createPrivacyProcessor({ keys: { destroy: async id => { asked.push(id); return await answer() } } })
  const identity = createIdentityProcessor()
  const driver = await createTestDriver({ nodes: [processor, identity], startMs })
  t.teardown(() => driver.close())
  const send = async (command: EraseSubject, key = command.subject) => {
    await driver.pipe(topics.privacy.commands, key, command)
    await driver.run()
  }
  return {
    driver,
    asked,
    send,
    answers: (next: () => Promise<DestroyedKey>) => { answer = next },
    register: async () => {
      await driver.pipe(topics.identity.commands, identityKeyOf(registration(1)), registration(1))
      await driver.pipe(topics.identity.commands, userId, { type: 'VerifyEmail', meta: metaOf(idOf(2)), userId, tokenHash: 'verify 1' })
      await driver.run()
    },
    user: async () => await driver.store(identity, userStore).get(userId),
    row: async (id = keyId) => await driver.store(processor, erasureStore).get(id),
    proofs: async () => (await driver.read(topics.audit.admin)).map(({ value }) => value),
    told: async () => await driver.read(topics.privacy.keys)
  }
}

test('a person is erased: the key is destroyed, the account deleted, and the proof told in the audit and to every process', async t => {
  const { asked, register, send, user, row, proofs, told } = await scene(t)
  await register()
  await send(erase())
  t.same(asked, [keyId])
  t.match(await user(), { status: 'deleted', email: null })
  const proof = { type: 'SubjectErased', keyId, subject: userId, accountId: userId, requestedBy: 'admin-1', requestedAt: startMs, reason: 'asked for', destroyedAt: 77, digest }
  t.match(await proofs(), [proof])
  t.match(await told(), [{ key: keyId, value: proof }])
  t.match(await row(), { destroyedAt: 77, digest })
})

test('an erasure that is asked for again changes nothing, and destroys what came back', async t => {
  const { asked, answers, send, row, proofs } = await scene(t)
  await send(erase())
  await send(erase({ meta: metaOf(idOf(71)), reason: 'another reason' }))
  t.equal(asked.length, 2)
  t.equal((await proofs()).length, 1, 'told once')
  t.match(await row(), { reason: 'asked for', requestedBy: 'admin-1' }, 'who asked first')
  answers(async () => ({ destroyedAt: 99, digest: 'e'.repeat(64) }))
  await send(erase({ meta: metaOf(idOf(72)) }))
  t.match(await proofs(), [{ destroyedAt: 99, digest: 'e'.repeat(64), reason: 'asked for' }], 'an older key store was restored, and had it')
})

test('an erasure is carried out in the end when the key store is away, and when the process dies at its call', async t => {
  const { driver, asked, answers, send, row, proofs } = await scene(t)
  answers(async () => { throw new Error('away') })
  await send(erase())
  t.match(await row(), { destroyedAt: null })
  t.same(await proofs(), [], 'nothing is told before it is so')
  await send(erase({ meta: metaOf(idOf(71)) }))
  await driver.restart()
  answers(async () => ({ destroyedAt: 77, digest }))
  await driver.advance(600_000)
  t.match(await row(), { destroyedAt: 77 })
  t.equal((await proofs()).length, 1)
  t.ok(asked.length > 1)
})

test('a guest is erased without an account, and a person of whom nothing was kept as well', async t => {
  const { answers, send, proofs, driver } = await scene(t)
  answers(async () => ({ destroyedAt: 5, digest: null }))
  await send(erase({ keyId: guestKeyId(idOf(9)), subject: idOf(9), accountId: null }))
  t.match(await proofs(), [{ keyId: guestKeyId(idOf(9)), accountId: null, digest: null }])
  t.same(await driver.read(topics.identity.commands), [])
})

test('a command that names another key, or lies under another one, destroys nothing', async t => {
  const { driver, asked, send, proofs } = await scene(t)
  await send(erase({ keyId: 'identity/tokens' }))
  await send(erase({ keyId: customerKeyId('somebody else') }))
  await send(erase(), 'somebody else')
  t.same(asked, [])
  t.same(await proofs(), [])
  t.equal((await driver.deadLetters()).length, 3)
})
