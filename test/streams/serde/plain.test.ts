import { test } from 'tap'
import { bytesSerde } from '../../../streams/serde/bytes.ts'
import { jsonSerde } from '../../../streams/serde/json.ts'
import { textSerde } from '../../../streams/serde/text.ts'

test('json serde gives back what it encoded and refuses what is not JSON', async t => {
  const serde = jsonSerde<{ a: number[] }>()
  t.same(serde.decode(serde.encode({ a: [1, 2] })), { a: [1, 2] })
  t.throws(() => serde.decode(Buffer.from('{')), { code: 'STR_RECORD_UNREADABLE' })
})

test('text serde gives back what it encoded and refuses what is not UTF-8', async t => {
  t.equal(textSerde.decode(textSerde.encode('grüße ☃')), 'grüße ☃')
  t.throws(() => textSerde.decode(Buffer.from([0xff, 0xfe])), { code: 'STR_RECORD_UNREADABLE' })
})

test('bytes serde copies what it decodes', async t => {
  const fetched = Buffer.from([1, 2, 3])
  const value = bytesSerde.decode(fetched)
  fetched.fill(0)
  t.same(value, Buffer.from([1, 2, 3]))
  t.same(bytesSerde.encode(value), value)
})
