import { test } from 'tap'
import { defineProcessor, defineTopic, jsonSerde, type Serde, type TypedValue } from '../../../streams/index.ts'
import { NO_HEADERS } from '../../../streams/record.ts'
import { readRecord } from '../../../streams/runtime/item.ts'

/** A serde whose values say their type before the colon, and that counts what is read. */
function namedSerde (): { readonly serde: Serde<TypedValue>, readonly read: string[] } {
  const read: string[] = []
  const { decode, ...json } = jsonSerde<TypedValue>()
  return {
    read,
    serde: {
      ...json,
      typeOf: bytes => /^\w+(?=:)/.exec(String(bytes))?.[0],
      decode: bytes => {
        read.push(String(bytes))
        return decode(Buffer.from(String(bytes).replace(/^\w+:/, '')))
      }
    }
  }
}

function reading (route?: () => number[]) {
  const { serde, read } = namedSerde()
  const topic = defineTopic({ name: 'things', partitions: 1, cleanup: { policy: 'keep' }, value: serde, keyName: 'id' })
  const node = defineProcessor<TypedValue>({ name: 'some', inputs: [topic], outputs: [], handlers: { Wanted: () => {} } })
  const input = { topic, ...route === undefined ? {} : { route } }
  const of = (value: string) => readRecord({ topic: 'things', partition: 0, offset: 0n, timestampMs: 0, key: Buffer.from('key'), value: Buffer.from(value), headers: NO_HEADERS }, input, node, 0)
  return { of, read }
}

test('a record is passed over unread when its serde tells its type and nobody handles it', t => {
  const { of, read } = reading()
  const item = of('Other:{"type":"Other"}')
  t.match(item, { value: { type: 'Other' }, error: undefined, forwardTo: -1 })
  t.equal(item.handler, undefined)
  t.same(read, [])
  t.end()
})

test('a record is read when its type is handled, or only its bytes tell it', t => {
  const { of, read } = reading()
  t.type(of('Wanted:{"type":"Wanted"}').handler, 'function')
  t.equal(of('{"type":"Other"}').handler, undefined)
  t.match(of('Wanted:{').error, { code: 'STR_RECORD_UNREADABLE' })
  t.equal(read.length, 3)
  t.end()
})

test('a record is read when its content decides where it belongs, whoever handles it', t => {
  const { of, read } = reading(() => [0])
  of('Other:{"type":"Other"}')
  t.equal(read.length, 1)
  t.end()
})
