import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { type ToldEvent, eventGroups, eventNames, isAskedFor, messageOf, payloadVersion, publicEvents } from '../../../topology/webhooks/public-events.ts'
import { markOf, personalMark, sampleOf } from './sample-event.ts'

type Told = keyof typeof publicEvents
const told = Object.keys(publicEvents) as Told[]
const bodyOf = (type: Told): { readonly [member: string]: unknown, readonly data: Readonly<Record<string, unknown>> } => {
  return JSON.parse(messageOf(sampleOf(type) as unknown as ToldEvent)?.body ?? '{}') as { data: Record<string, unknown> }
}

/** Members that may hold what a person wrote or is, secrets, or what is nobody's business. */
const neverTold = [
  'message', 'note', 'location', 'clientReference', 'providerReference', 'bodyHash', 'effectId', 'correlationId', 'causationId', 'tenant', 'keyId', 'quotedIgnored',
  'country', 'reviewer', 'by', 'token'
]

test('no message holds personal data, what a person wrote, or anything of the inside of the platform', t => {
  for (const type of told) {
    const text = JSON.stringify(bodyOf(type))
    t.notOk(text.includes(personalMark), type)
    t.notOk(text.includes(Buffer.from(personalMark).toString('base64')), type)
    for (const field of neverTold) t.notOk(text.includes(markOf(field)), `${type} tells ${field}`)
    // A reason is a word of ours where it is one of a few, and what a person wrote elsewhere.
    t.notOk(text.includes(markOf('reason')), `${type} tells a reason in words`)
  }
  t.end()
})

test('every message has the public envelope, whatever the event', t => {
  for (const type of told) {
    const { id, type: name, version, timestamp, data, ...rest } = bodyOf(type)
    t.same(rest, {}, type)
    t.match({ id, name, version, timestamp }, { id: markOf('eventId'), name: publicEvents[type].name, version: payloadVersion, timestamp: '1970-01-01T00:00:00.007Z' })
    t.equal(data['orderId'], markOf('orderId'), type)
    for (const amount of ['total', 'amount', 'refunded', 'totalRefunded']) {
      if (amount in data) t.match(data, { [amount]: '1.2345', currency: markOf('currency') }, `${type}: money is decimal text beside its currency`)
    }
  }
  t.end()
})

test('every event that can be subscribed to is documented with its members, and no other', t => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/webhooks.md'), 'utf8')
  const documented = text.split('\n').filter(line => /^\| `\w+\.\w+` \|/.test(line))
  const expected = told.map(type => {
    const members = Object.keys(bodyOf(type).data).map(member => `\`${member}\``).join(' ')
    return `| \`${publicEvents[type].name}\` | ${publicEvents[type].doc} | ${members} |`
  })
  t.same(documented, expected)
  t.end()
})

test('names are one of a kind, in groups that can be asked for whole', t => {
  t.equal(new Set(eventNames).size, eventNames.length)
  t.ok(eventNames.every(name => /^[a-z]+\.[a-z_]+$/.test(name)))
  t.same(eventGroups, ['orders.*', 'payments.*', 'shipments.*', 'returns.*'])
  t.ok(isAskedFor('orders.created', ['orders.*']))
  t.ok(isAskedFor('orders.created', ['payments.*', 'orders.created']))
  t.notOk(isAskedFor('orders.created', ['orders.cancelled', 'payments.*']))
  t.end()
})

test('an event that changed nothing is told to nobody', t => {
  t.equal(messageOf({ ...sampleOf('PaymentVoided'), nothingToVoid: true } as unknown as ToldEvent), undefined)
  t.equal(messageOf({ ...sampleOf('ShipmentCancelled'), nothingToCancel: true } as unknown as ToldEvent), undefined)
  t.end()
})

test('a message of a large order names a part of its lines, and how many there are', t => {
  const [line] = sampleOf('OrderConfirmed')['lines'] as object[]
  const event = { ...sampleOf('OrderConfirmed'), lines: Array.from({ length: 1114 }, () => line) } as unknown as ToldEvent
  const { data } = JSON.parse(messageOf(event)?.body ?? '') as { data: { lineCount: number, lines: unknown[] } }
  t.match(data, { lineCount: 1114, lines: { length: 200 } })
  t.end()
})
