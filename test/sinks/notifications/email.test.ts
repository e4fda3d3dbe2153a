import { type Test, test } from 'tap'
import { type SMTPServerOptions } from 'smtp-server'
import { type Channel, type Message } from '../../../sinks/notifications/channel.ts'
import { createEmail } from '../../../sinks/notifications/email.ts'
import { openSmtpHouse } from './smtp-house.ts'

const message: Message = {
  deliveryId: 'd-1', notificationId: '0f0e0d0c-0000-4000-8000-000000000001', to: ['ada@example.com'], subject: 'Grüße', text: 'Text ä\n', html: '<p>HTML ä</p>', short: 'short'
}
const { signal } = new AbortController()

async function channelTo (t: Test, options: SMTPServerOptions = {}) {
  const house = await openSmtpHouse(t, options)
  const channel = createEmail({ url: house.url, from: 'Shop <shop@example.com>', policy: 'atLeastOnce', connections: 1 })
  t.teardown(async () => { await channel.close() })
  return { house, channel }
}

const send = async (channel: Channel, change: Partial<Message> = {}) => await channel.send({ ...message, ...change }, signal)

test('a letter arrives with both forms, and an id that is derived from the notification, when the server takes it', async t => {
  const { house, channel } = await channelTo(t)
  const messageId = '<0f0e0d0c-0000-4000-8000-000000000001@example.com>'
  t.same(await send(channel), { kind: 'sent', providerId: messageId })
  t.same(await send(channel), { kind: 'sent', providerId: messageId })
  t.match(house.letters, [
    { messageId, subject: 'Grüße', text: 'Text ä\n', html: /HTML ä/, from: { text: '"Shop" <shop@example.com>' }, to: { text: 'ada@example.com' } }, { messageId }
  ])
  t.equal(house.letters[0]?.headers.get('auto-submitted'), 'auto-generated')
  t.equal(house.connections(), 1, 'the connection is kept')
})

test('a letter reads as it was written when its words are long, in many letters, or look like the end of a letter', async t => {
  const house = await openSmtpHouse(t)
  const channel = createEmail({ url: house.url, from: '"Späti Ümit, Söhne" <shop@example.com>', policy: 'atLeastOnce', connections: 1 })
  t.teardown(async () => { await channel.close() })
  const subject = `Überraschung für Dich: ${'Grüße aus der Küche, '.repeat(12)}日本語 🎉`
  const text = `.\n..\nFrom here\n--=_0f0e0d0c\n${'a long line without an end '.repeat(60)}\n€ 日本語\n`
  t.match(await send(channel, { subject, text, html: `<p>${'ä'.repeat(3000)}</p>` }), { kind: 'sent' })
  const [letter] = house.letters
  t.match(letter, { subject, text, html: `<p>${'ä'.repeat(3000)}</p>`, from: { value: [{ name: 'Späti Ümit, Söhne', address: 'shop@example.com' }] } })
  t.ok(Math.abs(Number(letter?.date) - Date.now()) < 60_000)
})

test('a subject adds no header, and is read back as it was when it looks like an encoded word', async t => {
  const { house, channel } = await channelTo(t)
  for (const subject of ['a\r\nBcc: eve@example.com\r\n\r\nb', '=?utf-8?Q?fake?= it', '👩‍👩‍👧‍👦'.repeat(20)]) await send(channel, { subject })
  t.same(house.letters.map(letter => letter.subject), ['a Bcc: eve@example.com b', '=?utf-8?Q?fake?= it', '👩‍👩‍👧‍👦'.repeat(20)])
  for (const letter of house.letters) t.match(letter, { bcc: undefined, text: 'Text ä\n' })
})

test('an address that is not a plain one is written as the mail library writes it', async t => {
  const { house, channel } = await channelTo(t)
  t.match(await send(channel, { to: ['ada@bücher.example'] }), { kind: 'sent' })
  t.match(house.letters, [{ subject: 'Grüße', to: { value: [{ address: 'ada@bücher.example' }] } }])
})

const reply = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode })

test('a reply that says no is told as what it is, and names nobody', async t => {
  const cases: ReadonlyArray<readonly [Error, object]> = [
    [reply(550, '5.1.1 ada@example.com: no such mailbox'), { kind: 'refused', code: 'smtp-550', isAddressGone: true }],
    [reply(550, 'no such user ada@example.com'), { kind: 'refused', isAddressGone: true }],
    [reply(550, '5.7.1 ada@example.com: policy'), { kind: 'refused', isAddressGone: false }],
    [reply(451, '4.7.1 ada@example.com: greylisted'), { kind: 'unavailable', code: 'smtp-451' }]
  ]
  for (const [error, expected] of cases) {
    const { channel } = await channelTo(t, { onRcptTo: (_address, _session, done) => { done(error) } })
    const answer = await send(channel)
    t.match(answer, expected)
    t.notMatch(JSON.stringify(answer), /ada@/)
  }
  const { channel } = await channelTo(t, { onData: (stream, _session, done) => { stream.resume(); stream.on('end', () => { done(reply(552, '5.3.4 too large')) }) } })
  t.match(await send(channel), { kind: 'refused', code: 'smtp-552', isAddressGone: false })
})

test('what is no address is refused without a call', async t => {
  const { house, channel } = await channelTo(t)
  t.match(await send(channel, { to: [''] }), { kind: 'refused', isAddressGone: true })
  t.match(await send(channel, { to: ['ada@example.com\r\nBcc: x@y.z'] }), { kind: /sent|refused/ })
  for (const letter of house.letters) t.equal(letter.headers.get('bcc'), undefined)
})

test('a server that is not there is unavailable: the letter was certainly not sent', async t => {
  const { house, channel } = await channelTo(t)
  await house.close()
  t.match(await send(channel), { kind: 'unavailable', code: 'unreachable' })
})

test('a connection that is lost with the letter on it leaves it unknown, and it is not sent again behind the back of the caller', async t => {
  let tries = 0
  const lost = await openCutting(t, () => { tries++ })
  const cut = createEmail({ url: lost.url, from: 'shop@example.com', policy: 'atMostOnce', connections: 1 })
  t.teardown(async () => { await cut.close() })
  t.match(await send(cut), { kind: 'unknown' })
  // Another letter goes over a connection of its own: whatever the first one left behind has had its turn by then.
  t.match(await send(cut, { notificationId: 'other' }), { kind: 'unknown' })
  t.equal(tries, 2)
  t.same([cut.policy, cut.keyLifeMs], ['atMostOnce', 0])
})

async function openCutting (t: Test, onLetter: () => void) {
  const { createServer } = await import('node:net')
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.write('220 here\r\n')
    let isLetter = false
    socket.on('data', chunk => {
      if (isLetter) {
        if (chunk.toString().includes('\r\n.\r\n')) {
          onLetter()
          socket.destroy()
        }
        return
      }
      isLetter = /^DATA/im.test(chunk.toString())
      for (const line of chunk.toString().split('\r\n').filter(text => text !== '')) socket.write(/^DATA/i.test(line) ? '354 go on\r\n' : '250 fine\r\n')
    })
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => { server.close() })
  return { url: `smtp://127.0.0.1:${(server.address() as { port: number }).port}` }
}
