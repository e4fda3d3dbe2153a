import { type Test, test } from 'tap'
import { brokerErrors, type BrokerErrorName } from '../../../../streams/kafka/wire/broker-error.ts'
import { batchLayout } from '../../../../streams/kafka/wire/record-batch.ts'
import { type OutgoingRecord } from '../../../../streams/record.ts'
import { type TransactionUnit } from '../../../../streams/kafka/port.ts'
import { type ApiName, clientOf, clusterOf, ScriptedBroker, TOPIC } from './scripted-broker.ts'

const one: readonly OutgoingRecord[] = [{ topic: TOPIC, partition: 0, key: null, value: Buffer.from('v'), headers: [] }]

async function readyUnit (t: Test, requestTimeoutMs = 2_000): Promise<{ broker: ScriptedBroker, unit: TransactionUnit }> {
  const broker = await ScriptedBroker.start(t)
  const client = await clientOf(t, broker, { requestTimeoutMs })
  const unit = client.openTransactions({ transactionalId: 'txn', timeoutMs: 9_000 })
  await unit.init()
  return { broker, unit }
}

test('commit takes three round trips when everything is known', async (t) => {
  const { broker, unit } = await readyUnit(t)
  await unit.commit(one)
  broker.calls.length = 0
  const result = await unit.commit(one)
  t.same(broker.calls, ['addPartitionsToTxn', 'produce', 'endTxn'])
  t.equal(result.brokerTimeMs, 1_700_000_000_000)
})

// R4: whatever goes wrong on Produce or EndTxn, nothing is sent any more and only init is legal.
const endings: Array<[ApiName, BrokerErrorName, 'STR_TXN_UNKNOWN' | 'STR_TXN_FENCED']> = [
  ['produce', 'MESSAGE_TOO_LARGE', 'STR_TXN_UNKNOWN'],
  ['produce', 'NOT_LEADER_OR_FOLLOWER', 'STR_TXN_UNKNOWN'],
  ['produce', 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'STR_TXN_UNKNOWN'],
  ['produce', 'DUPLICATE_SEQUENCE_NUMBER', 'STR_TXN_UNKNOWN'],
  ['produce', 'UNKNOWN_PRODUCER_ID', 'STR_TXN_UNKNOWN'],
  ['produce', 'INVALID_TXN_STATE', 'STR_TXN_UNKNOWN'],
  ['produce', 'UNKNOWN_SERVER_ERROR', 'STR_TXN_UNKNOWN'],
  ['produce', 'INVALID_PRODUCER_EPOCH', 'STR_TXN_FENCED'],
  ['produce', 'UNKNOWN_TOPIC_OR_PARTITION', 'STR_TXN_UNKNOWN'],
  ['endTxn', 'NOT_COORDINATOR', 'STR_TXN_UNKNOWN'],
  ['endTxn', 'COORDINATOR_LOAD_IN_PROGRESS', 'STR_TXN_UNKNOWN'],
  ['endTxn', 'CONCURRENT_TRANSACTIONS', 'STR_TXN_UNKNOWN'],
  ['endTxn', 'INVALID_TXN_STATE', 'STR_TXN_UNKNOWN'],
  ['endTxn', 'PRODUCER_FENCED', 'STR_TXN_FENCED'],
  ['endTxn', 'INVALID_PRODUCER_ID_MAPPING', 'STR_TXN_FENCED'],
  ['addPartitionsToTxn', 'INVALID_PRODUCER_EPOCH', 'STR_TXN_FENCED'],
  ['addPartitionsToTxn', 'PRODUCER_FENCED', 'STR_TXN_FENCED'],
  ['addPartitionsToTxn', 'INVALID_TXN_STATE', 'STR_TXN_UNKNOWN']
]

for (const [operation, answer, code] of endings) {
  test(`commit ends the epoch with ${code} when ${operation} is answered with ${answer}`, async (t) => {
    const { broker, unit } = await readyUnit(t)
    broker.fail(operation, brokerErrors[answer])
    await t.rejects(unit.commit(one), { code })
    t.equal(broker.calls.at(-1), operation, 'nothing is sent after it: no abort, no repetition')
    t.equal(broker.count(operation), 1)
    await t.rejects(unit.commit(one), { code: 'STR_TXN_ILLEGAL_STATE' })
    await unit.init()
    await unit.commit(one)
  })
}

for (const operation of ['produce', 'endTxn', 'addPartitionsToTxn'] as const) {
  test(`commit ends the epoch as unknown when the connection breaks during ${operation}`, async (t) => {
    const { broker, unit } = await readyUnit(t)
    broker.script(operation, () => 'hang-up')
    await t.rejects(unit.commit(one), { code: 'STR_TXN_UNKNOWN' })
    t.equal(broker.count(operation), 1)
    broker.fail(operation)
    await unit.init()
    await unit.commit(one)
  })

  test(`commit ends the epoch as unknown when ${operation} is not answered in time`, async (t) => {
    const { broker, unit } = await readyUnit(t, 300)
    broker.script(operation, () => 'silence')
    await t.rejects(unit.commit(one), { code: 'STR_TXN_UNKNOWN' })
    t.equal(broker.count(operation), 1)
    broker.fail(operation)
    await unit.init()
    await unit.commit(one)
  })
}

test('commit repeats AddPartitions when the markers of the transaction before are still being written', async (t) => {
  const { broker, unit } = await readyUnit(t)
  broker.fail('addPartitionsToTxn', 51, 51, 51)
  await unit.commit(one)
  t.equal(broker.count('addPartitionsToTxn'), 4)
  t.equal(broker.count('findCoordinator'), 1, 'the coordinator stays cached')
})

test('commit finds the coordinator again when it moved or loads before anything was produced', async (t) => {
  const { broker, unit } = await readyUnit(t)
  broker.fail('addPartitionsToTxn', brokerErrors.NOT_COORDINATOR, brokerErrors.COORDINATOR_LOAD_IN_PROGRESS)
  await unit.commit(one)
  t.equal(broker.count('findCoordinator'), 3)
  t.equal(broker.count('produce'), 1)
})

test('commit goes to the new leader when the old one refused the transaction before', async (t) => {
  const [first, second] = [await ScriptedBroker.start(t), await ScriptedBroker.start(t)]
  first.script('metadata', clusterOf([first, second], 1))
  first.fail('produce', brokerErrors.NOT_LEADER_OR_FOLLOWER)
  const unit = (await clientOf(t, first)).openTransactions({ transactionalId: 'txn' })
  await unit.init()
  await t.rejects(unit.commit(one), { code: 'STR_TXN_UNKNOWN' })
  first.script('metadata', clusterOf([first, second], 2))
  await unit.init()
  await unit.commit(one)
  t.same([first.count('produce'), second.count('produce')], [1, 1])
})

test('commit sends nothing more to one leader when another has refused a batch', async (t) => {
  const [first, second] = [await ScriptedBroker.start(t), await ScriptedBroker.start(t)]
  for (const broker of [first, second]) broker.script('metadata', clusterOf([first, second], 1, 2))
  first.script('produce', (out) => {
    out.int32(1).string(TOPIC).int32(1).int32(0).int16(brokerErrors.MESSAGE_TOO_LARGE).int64(-1n).int64(-1n).int64(0n).int32(0)
    return undefined
  })
  let produced = 0
  second.script('produce', (out) => {
    produced++
    out.int32(1).string(TOPIC).int32(1).int32(1).int16(0).int64(0n).int64(1n).int64(0n).int32(0)
    return undefined
  })
  const client = await clientOf(t, first)
  const unit = client.openTransactions({ transactionalId: 'txn' })
  await unit.init()
  const big = (partition: number): OutgoingRecord => ({ topic: TOPIC, partition, key: null, value: Buffer.alloc(900), headers: [] })
  await t.rejects(unit.commit([big(0), ...Array.from({ length: 200 }, () => big(1))]), { code: 'STR_TXN_UNKNOWN' })
  const sent = produced
  for (let round = 0; round < 50; round++) await client.describeTopics([TOPIC])
  t.ok(produced <= sent + 1, `${sent} of 200 batches were sent before the failure was told, ${produced - sent} after it`)
})

test('init goes on when the coordinator is busy, moves, loads or breaks off', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const unit = (await clientOf(t, broker)).openTransactions({ transactionalId: 'txn' })
  let call = 0
  const codes = [51, 16, 14, 15, 51, -1]
  broker.script('initProducerId', (out) => {
    const code = codes[call++]
    if (call === 5) return 'hang-up'
    out.int32(0).int16(code ?? 0).int64(7n).int16(3)
    return undefined
  })
  await unit.init()
  t.equal(call, codes.length + 1)
  await unit.commit(one)
})

test('init fails for good when the transactional id is not allowed', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const unit = (await clientOf(t, broker)).openTransactions({ transactionalId: 'txn' })
  broker.fail('initProducerId', brokerErrors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
  await t.rejects(unit.init(), { code: 'STR_BROKER_REFUSED' })
  await unit.init()
})

test('init can be stopped and started again when the coordinator stays busy', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const unit = (await clientOf(t, broker)).openTransactions({ transactionalId: 'txn' })
  const stop = new AbortController()
  broker.script('initProducerId', (out, _, call) => {
    if (call === 3) stop.abort(new Error('stopped'))
    out.int32(0).int16(51).int64(-1n).int16(-1)
    return undefined
  })
  await t.rejects(unit.init(stop.signal), { message: 'stopped' })
  broker.fail('initProducerId')
  await unit.init()
  await unit.commit(one)
})

test('init ends when the unit is closed meanwhile', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const unit = (await clientOf(t, broker)).openTransactions({ transactionalId: 'txn' })
  broker.script('initProducerId', () => {
    setImmediate(() => { unit.close() })
    return 'silence'
  })
  await t.rejects(unit.init(), { code: 'STR_CLOSED' })
  await t.rejects(unit.commit(one), { code: 'STR_CLOSED' })
})

test('commit sends the next sequence when a transaction went before and zero when the epoch is new', async (t) => {
  const { broker, unit } = await readyUnit(t)
  const sequences: Array<number | undefined> = []
  const read = (): void => {
    const body = broker.bodies.get('produce')?.at(-1)
    const magic = body?.indexOf(2, body.indexOf(TOPIC) + 20) ?? -1 // the first byte of that value behind names and lengths
    sequences.push(body?.readInt32BE(magic - batchLayout.magic + batchLayout.baseSequence))
  }
  await unit.commit([...one, ...one])
  read()
  await unit.commit(one)
  read()
  await unit.init()
  await unit.commit(one)
  read()
  t.same(sequences, [0, 2, 0])
})

test('commit sends nothing when an output is too large for its topic', async (t) => {
  const { broker, unit } = await readyUnit(t)
  await t.rejects(unit.commit([...one, { topic: TOPIC, partition: 0, key: null, value: Buffer.alloc(1_000), headers: [] }]),
    { code: 'STR_OUTPUT_TOO_LARGE', context: { index: 1 } })
  t.notOk(broker.calls.includes('addPartitionsToTxn'))
  await unit.commit(one)
})

test('commit splits into several requests when one batch cannot hold a partition', async (t) => {
  const { broker, unit } = await readyUnit(t)
  const big = { topic: TOPIC, partition: 0, key: null, value: Buffer.alloc(400), headers: [] }
  const { offsets } = await unit.commit([big, big, big, big, big])
  t.equal(broker.count('produce'), 3)
  t.equal(broker.count('endTxn'), 1)
  const { first, last } = offsets.get(`${TOPIC}-0`) ?? { first: 0n, last: 0n }
  t.equal(last - first, 2n, 'first of the first and last of the last answer')
})
