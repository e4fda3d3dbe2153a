import { test } from 'tap'
import { type ChannelLetter } from '#schemas'
import { type Channel, type Message, type SendAnswer } from '../../../sinks/notifications/channel.ts'
import { type DispatchOptions, dispatchTo } from '../../../sinks/notifications/dispatch.ts'
import { guardChannel } from '../../../sinks/notifications/guarded-channel.ts'
import { createMailbox } from '../../../sinks/notifications/mailbox.ts'
import { TemplateSet } from '../../../sinks/notifications/template.ts'
import { type KeyProvider, decryptPersonal, encryptPersonal } from '../../../topology/personal.ts'
import { templates } from '../../../topology/notifications/templates.ts'

const key = async (): Promise<Buffer> => Buffer.alloc(32, 7)
const keys: KeyProvider = { dataKey: key, findKey: key }
const open: DispatchOptions['open'] = async (kind, personal) => await decryptPersonal(keys, kind, personal)
const address = await encryptPersonal(keys, 'user/1', 'contact', { email: 'ada@example.com' })
const token = await encryptPersonal(keys, 'user/1', 'secret', { token: 'TOKEN' })
const phone = await encryptPersonal(keys, 'user/1', 'contact', { phone: '+441' })
const written = new TemplateSet(templates)
const { signal } = new AbortController()

function letter (change: Partial<ChannelLetter> = {}): ChannelLetter {
  const part = { template: 'message', variables: { subject: 'Hello', body: 'World' }, sealed: null }
  return {
    type: 'ChannelLetter', deliveryId: 'd', notificationId: 'n', userId: 'u', channel: 'email', locale: 'en', timeZone: null, recipients: [address], parts: [part], ...change
  }
}

class Ledger implements Channel {
  readonly addressField = 'email'
  readonly policy = 'atLeastOnce'
  readonly keyLifeMs = 0
  readonly messages: Message[] = []
  answer: () => Promise<SendAnswer> = async () => ({ kind: 'sent', providerId: null })
  send = async (message: Message): Promise<SendAnswer> => {
    this.messages.push(message)
    return await this.answer()
  }

  close = async (): Promise<void> => {}
}

test('a letter is opened and written at the last moment, secrets included', async t => {
  const ledger = new Ledger()
  const channel = dispatchTo(ledger, { templates: written, open })
  const verify = { template: 'verify-email', variables: { expiresAt: '2026-01-02T00:00:00Z' }, sealed: token }
  t.match(await channel.send(letter({ parts: [verify] }), signal), { kind: 'sent' })
  t.match(ledger.messages, [{ deliveryId: 'd', to: ['ada@example.com'], subject: 'Please confirm your e-mail address', text: /TOKEN/, html: /TOKEN/ }])
})

test('several parts are one digest, a line each', async t => {
  const ledger = new Ledger()
  const parts = ['one', 'two'].map(subject => ({ template: 'message', variables: { subject, body: 'x' }, sealed: null }))
  await dispatchTo(ledger, { templates: written, open }).send(letter({ parts, locale: 'de' }), signal)
  t.match(ledger.messages, [{ subject: '2 Nachrichten für Sie', text: '2 Nachrichten für Sie:\n\n- one\n- two\n' }])
})

test('nothing is sent when the key of the reader is destroyed, cannot be had, the letter cannot be written, or there is no such address', async t => {
  const ledger = new Ledger()
  const answer = async (change: Partial<ChannelLetter>, opener: typeof open = open) =>
    await dispatchTo(ledger, { templates: written, open: opener }).send(letter(change), signal)
  t.same(await answer({}, async () => null), { kind: 'erased' })
  t.match(await answer({}, async () => { throw new Error('away') }), { kind: 'unavailable', code: 'keys-unavailable' })
  t.match(await answer({ parts: [{ template: 'message', variables: {}, sealed: null }] }), { kind: 'refused', code: 'template-invalid' })
  t.match(await answer({ recipients: [phone] }), { kind: 'refused', code: 'address-invalid' })
  t.equal(ledger.messages.length, 0)
})

test('the mailbox takes every letter, once, and sends none', async t => {
  const mailbox = createMailbox('email')
  t.same(await mailbox.send({} as Message, signal), { kind: 'sent', providerId: null })
  t.equal(mailbox.policy, 'once')
  await mailbox.close()
})

test('a channel that fails is left alone for a while, and other channels are not', async t => {
  const [bad, good] = [new Ledger(), new Ledger()]
  bad.answer = async () => ({ kind: 'unavailable', code: 'x', message: 'x' })
  const [guardedBad, guardedGood] = [guardChannel(bad, { minimumCalls: 4 }), guardChannel(good)]
  const kinds: unknown[] = []
  for (let call = 0; call < 40; call++) kinds.push(await guardedBad.send({} as Message, signal))
  t.equal(guardedBad.breaker(), 'open')
  t.match(kinds.at(-1), { kind: 'unavailable', code: 'held-back' })
  t.ok(bad.messages.length < 40)
  t.match(await guardedGood.send({} as Message, signal), { kind: 'sent' })
  t.equal(guardedGood.breaker(), 'closed')
})

test('a call beyond the places of a channel is held back, one that is not answered in time is unknown, and one that throws is, too', async t => {
  const slow = new Ledger()
  slow.answer = async () => await new Promise<never>(() => {})
  const guarded = guardChannel(slow, { concurrency: 1, queue: 0, timeoutMs: 20 })
  const first = guarded.send({} as Message, signal)
  t.match(await guarded.send({} as Message, signal), { kind: 'unavailable', code: 'held-back' })
  t.match(await first, { kind: 'unknown' })
  slow.answer = async () => { throw new Error('surprise') }
  t.match(await guarded.send({} as Message, signal), { kind: 'unknown' })
})
