import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'tap'
import { fetchRequest } from '../../../../streams/kafka/wire/fetch.ts'
import { heartbeatRequest, joinGroupRequest, leaveGroupRequest, offsetCommitRequest, syncGroupRequest } from '../../../../streams/kafka/wire/groups.ts'
import { apiVersionsRequest, listOffsetsRequest, logEnds, metadataRequest } from '../../../../streams/kafka/wire/metadata.ts'
import { describeProducersRequest, listTransactionsRequest } from '../../../../streams/kafka/wire/open-transactions.ts'
import { produceRequest } from '../../../../streams/kafka/wire/produce.ts'
import { WireReader } from '../../../../streams/kafka/wire/reader.ts'
import { type WireRequest } from '../../../../streams/kafka/wire/request.ts'
import { createTopicsRequest, deleteTopicsRequest, describeTopicConfigsRequest, setTopicConfigRequest } from '../../../../streams/kafka/wire/topics.ts'
import { addPartitionsRequest, commitTransactionRequest, findCoordinatorRequest, initProducerIdRequest } from '../../../../streams/kafka/wire/transactions.ts'
import { WireWriter } from '../../../../streams/kafka/wire/writer.ts'
import { attack } from '../../attack.ts'

const producer = { transactionalId: 'x', producerId: 1n, producerEpoch: 0 }
const member = { groupId: 'g', generation: 1, memberId: 'm', instanceId: null }
const at = { topic: 't', partition: 0 }

/** Every request that is sent. */
const requests: ReadonlyArray<WireRequest<unknown>> = [
  fetchRequest([{ ...at, offset: 0n, maxBytes: 1 }], 1, 1), produceRequest(producer, [], 0, 1), metadataRequest(['t']), listOffsetsRequest([at], logEnds.end),
  apiVersionsRequest, findCoordinatorRequest('group', 'g'), initProducerIdRequest('x', 1), addPartitionsRequest(producer, [at]), commitTransactionRequest(producer),
  joinGroupRequest(member, 1, 1, Buffer.alloc(0)), syncGroupRequest(member, new Map()), heartbeatRequest(member), leaveGroupRequest(member),
  offsetCommitRequest(member, [{ ...at, offset: 0n }]), createTopicsRequest([], 1), deleteTopicsRequest(['t'], 1), describeTopicConfigsRequest(['t']),
  setTopicConfigRequest('t', {}), describeProducersRequest(at), listTransactionsRequest([1n])
]

const number = fc.constantFrom(-1, 0, 0, 0, 1, 1, 2, 3, 0x7f, 0x80, 0xff, 0x7fff, 0x7fffffff, -0x80000000)
/** Numbers of the widths of the protocol, so that lies stand where counts and lengths do. */
const piece = fc.tuple(fc.constantFrom(1, 2, 4, 8), number).map(([width, value]) => {
  const bytes = Buffer.alloc(width)
  for (let place = width - 1, rest = BigInt(value); place >= 0; place--, rest >>= 8n) bytes[place] = Number(rest & 255n)
  return bytes
})
const answer = fc.array(piece, { maxLength: 60, size: 'max' }).map(pieces => Buffer.concat(pieces))

test('every answer that is no answer ends in a value or a RangeError, at once, whatever its counts and lengths say', async t => {
  let refused = 0
  fc.assert(fc.property(answer, bytes => {
    for (const request of requests) {
      try {
        request.read(new WireReader(bytes))
      } catch (error) {
        assert.ok(error instanceof RangeError, `${request.api.name}: ${String(error)}`)
        refused++
      }
    }
  }), attack(400))
  t.ok(refused > 1_000)
})

test('every answer that ends early is refused, and read when it is whole', async t => {
  const whole = new WireWriter(64).int32(0).int16(0).int32(7).array([0], out => {
    out.string('t').array([0], () => { out.int32(0).int16(0).int64(9n).int64(9n).int64(0n).array([1n], (_, id) => { out.int64(id).int64(3n) }).int32(-1).nullableBytes(Buffer.from('xyz')) })
  })
  const bytes = Buffer.from(whole.finish())
  const fetch = fetchRequest([{ ...at, offset: 0n, maxBytes: 1 }], 1, 1)
  for (let size = 0; size < bytes.length; size++) t.throws(() => fetch.read(new WireReader(bytes.subarray(0, size))), RangeError)
  t.match(fetch.read(new WireReader(bytes)), [{ topic: 't', lastStableOffset: 9n, aborted: [{ producerId: 1n, firstOffset: 3n }] }])
})
