import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fullNames, schemas } from '#schemas'
import { NO_HEADERS, type OutgoingRecord, commandRecord, isStreamsError, partitionKey } from '#streams'
import { toRecord } from '../../../ops/play/commands.ts'
import { localEndpoints } from '../../../ops/stack/local.ts'
import { readPartition } from '../../../ops/verify/read-partition.ts'
import { partitionsOfTopics } from '../../../ops/verify/topic-count.ts'
import { createConfluentRegistry } from '../../../streams/serde/confluent-registry.ts'
import { deadLetterCommandTopic, topics } from '../../../topology/index.ts'
import { cancelOrder, newOrderId, placeOrder } from '../../support/orders.ts'
import { readLetters } from '../evidence/read-outside.ts'
import { apis } from '../net/kafka-frames.ts'
import { type Act } from '../stage/act.ts'
import { until } from '../../support/until.ts'
import { type Row } from './row.ts'
import { haveAll, typesOf } from './seen.ts'

const commands = topics.orders.commands
const cancelSubject = `${commands.name}-${fullNames.CancelOrder}`

function registryOf (act: Act) {
  return createConfluentRegistry({ url: localEndpoints(act.stage.services.config).registryUrl })
}

function orderFor (act: Act, orderId: string): OutgoingRecord {
  return toRecord(commands, orderId, placeOrder(orderId, act.skus[0] ?? ''))
}

export const inputRows: readonly Row[] = [
  {
    number: 13,
    fault: 'registry away, slow',
    done: 'away for 8 s while orders are played, then a command in a schema that nobody has seen comes while it is away: it waits, and is carried out; away while processors start; 1 s late',
    group: 'input',
    run: async act => {
      const { stage } = act
      const orderId = newOrderId()
      await act.send(orderFor(act, orderId))
      await until(async () => (await typesOf(act, orderId)).includes('OrderConfirmed'), 'the order is confirmed')
      const next = structuredClone(schemas.CancelOrder) as unknown as { fields: object[] }
      next.fields.push({ name: 'note', type: ['null', 'string'], default: null })
      const id = await registryOf(act).register(cancelSubject, next)
      const written = toRecord(commands, orderId, cancelOrder(orderId))
      const value = Buffer.concat([Buffer.from(written.value ?? ''), Buffer.of(0)])
      value.writeInt32BE(id, 1)
      const letters = (await readLetters(stage.outside.kafka)).length
      await act.fault('registry away', async () => {
        stage.doors.registry.turn({ kind: 'cut' })
        await act.send({ ...written, value })
        await sleep(8000)
        act.expect('a command in an unknown schema waits', !(await typesOf(act, orderId)).includes('OrderCancelled'))
        act.expect('and is no dead letter', (await readLetters(stage.outside.kafka)).length === letters)
        stage.doors.registry.heal()
      })
      await until(async () => (await typesOf(act, orderId)).includes('OrderCancelled'), 'the command is carried out', 30_000)
      await act.fault('registry away at the start', async () => {
        stage.doors.registry.turn({ kind: 'cut' })
        await stage.process('p1').end()
        const starting = stage.start('p1', 'processor').catch((error: unknown) => { act.note(`without a registry a start ends: ${stage.process('p1').errors.trim().split('\n')[0] ?? String(error)}`) })
        await sleep(3000)
        stage.doors.registry.heal()
        await starting
        if (!stage.isRunning('p1')) await stage.start('p1', 'processor')
      }, { withinMs: 30_000 })
      await act.moves()
      stage.doors.registry.turn({ kind: 'slow', ms: 1000 })
      await act.fault('registry slow', async () => { await stage.restart('p1', 'processor', 'end') }, { withinMs: 30_000 })
      await act.moves()
    }
  },
  {
    number: 14,
    fault: 'incompatible schema, unknown id, wrong magic byte',
    done: 'an incompatible schema is offered to the registry; records with an unknown schema id, a wrong magic byte, JSON and a cut-off body are written among the orders',
    group: 'input',
    run: async act => {
      const broken = structuredClone(schemas.CancelOrder) as unknown as { fields: Array<{ name: string }> }
      broken.fields.push({ name: 'must', type: 'string' } as never)
      const refused = await registryOf(act).register(cancelSubject, broken).then(() => undefined, (error: unknown) => error)
      act.expect('the registry refuses an incompatible schema', isStreamsError(refused, 'STR_SCHEMA_INCOMPATIBLE'))
      await act.at(0.3)
      const bad = (change: (value: Buffer) => Buffer): OutgoingRecord => {
        const record = orderFor(act, newOrderId())
        return { ...record, value: change(Buffer.from(record.value ?? '')) }
      }
      const unknownId = (value: Buffer): Buffer => {
        value.writeInt32BE(2_000_000_000, 1)
        return value
      }
      await act.fault('unreadable records', async () => {
        await act.sendBad(
          bad(unknownId), bad(value => Buffer.concat([Buffer.of(1), value.subarray(1)])), bad(() => Buffer.from('{"type":"PlaceOrder"}')), bad(value => value.subarray(0, -9))
        )
      })
      await act.moves()
    }
  },
  {
    number: 15,
    fault: 'poison: null key, tombstone, huge, of another topic',
    done: 'one each among the orders, in every partition; the pill that throws is row 30',
    group: 'input',
    run: async act => {
      await act.at(0.3)
      const records = Array.from({ length: commands.partitions }, (_, partition) => {
        const record = { ...orderFor(act, newOrderId(partition)), partition }
        const reply = topics.inventory.replies.value.encode({
          type: 'LinesReserved',
          meta: { eventId: newOrderId(), occurredAt: 1, correlationId: '', causationId: '', aggregateVersion: 1, tenant: 'default' },
          orderId: newOrderId(),
          attempt: 1,
          partition: 0
        })
        const kinds = [{ key: null }, { value: null }, { value: Buffer.alloc(700_000, 7) }, { value: reply }]
        return { ...record, ...kinds[partition % kinds.length] }
      })
      await act.fault('poison', async () => { for (const record of records) await act.sendBad(record) })
      await act.moves()
    }
  },
  {
    number: 24,
    fault: 'duplicate, late, out-of-order input',
    done: 'forty commands that are in the log are written again, byte for byte and in another order; cancellations come before their orders, and orders again after their end',
    group: 'input',
    run: async act => {
      await act.at(0.4)
      const { kafka } = act.stage.outside
      const places = partitionsOfTopics([commands])
      const ends = await kafka.endOffsets(places)
      const all: OutgoingRecord[] = []
      for (const at of places) {
        await readPartition(kafka, at, { from: 0n, end: ends.get(partitionKey(at.topic, at.partition)) ?? 0n }, ({ key, value }) => {
          if (value === null || key === null || !isReadable(value)) return
          all.push({ ...at, key: Buffer.from(key), value: Buffer.from(value), headers: NO_HEADERS })
        })
      }
      await act.fault('repeats', async () => { for (let n = 0; n < 40; n++) await act.send(all[act.random.integer(0, all.length - 1)] as OutgoingRecord) })
      const early = newOrderId()
      await act.send(toRecord(commands, early, cancelOrder(early)), orderFor(act, early))
      await until(async () => {
        const types = await typesOf(act, early)
        return types.includes('CommandRejected') && types.includes('OrderConfirmed')
      }, 'an early cancellation is rejected and its order goes on')
      await act.moves()
    }
  },
  {
    number: 26,
    fault: 'saga step and its compensation both fail',
    done: 'when what is played is done, the payment provider is away for 12 s, while orders of the API are paid for and paid ones are cancelled: nothing is parked, all of it is retried until it is done',
    missing: 'the alarm after ten failures comes after minutes: test/streams/runtime/retries-do-not-block-others, with a manual clock',
    group: 'input',
    run: async act => {
      const orderIds = Array.from({ length: 4 }, () => newOrderId())
      await act.send(...orderIds.map(orderId => orderFor(act, orderId)))
      await until(async () => await haveAll(act, orderIds, 'OrderConfirmed'), 'they are confirmed')
      // An authorisation is given up after three tries, and its order fails: what is played has outcomes of its own to come to.
      await act.at(1)
      await act.fault('provider away', async () => {
        act.stage.doors.gateway.turn({ kind: 'cut' })
        await act.send(...orderIds.map(orderId => toRecord(commands, orderId, cancelOrder(orderId))))
        await sleep(12_000)
        act.stage.doors.gateway.heal()
      }, { withinMs: 60_000 })
      await until(async () => await haveAll(act, orderIds, 'OrderCancelled'), 'the cancelled orders have their money back', 120_000)
    }
  },
  {
    number: 27,
    fault: 'API: one key at once and again, other body, crash between log and answer',
    done: 'fifty requests under one key at once; another body under it; the API is killed when the order is in the log and the answer is not out, and asked again',
    group: 'input',
    run: async act => {
      const { stage } = act
      const many = await Promise.all(Array.from({ length: 50 }, async () => await act.api.place('fifty-at-once', 2)))
      act.expect(`fifty requests are answered with 202 or 409: ${[...new Set(many.map(({ status }) => status))].join()}`, many.every(({ status }) => status === 202 || status === 409))
      const other = await act.api.place('fifty-at-once', 3)
      act.expect(`another body is answered with 422, not ${other.status}`, other.status === 422)
      await act.fault('API killed between log and answer', async () => {
        const sent = stage.doors.kafka.catch('command', { act: 'pass', matches: piece => piece.direction === 'up' && piece.api === apis.produce && piece.bytes.includes(commands.name) })
        const asked = act.api.place('killed-in-between', 1)
        await sent
        await stage.doors.kafka.catch('answer to a command', { act: 'hold', matches: piece => piece.direction === 'down' && piece.api === apis.produce })
        await stage.process('a1').kill()
        stage.doors.kafka.heal()
        await asked
        await stage.start('a1', 'api')
      }, { hidesFromApi: true })
      await act.api.insist('killed-in-between', 1)
      const reused = await act.api.place('killed-in-between', 2)
      act.expect(`after the crash another body is answered with 422, not ${reused.status}`, reused.status === 422)
    }
  },
  {
    number: 30,
    fault: 'dead letters redriven twice, and while they come',
    done: 'a release with a defect throws for three orders: they are parked, others go on; redriven while it is defective, then, mended, three times at once under load',
    group: 'input',
    run: async act => {
      const { stage } = act
      const file = join(stage.folder, 'defect')
      const orderIds = Array.from({ length: 3 }, () => newOrderId())
      writeFileSync(file, orderIds.join('\n'))
      const settings = { NODE_OPTIONS: `--import=${join(import.meta.dirname, '../preload/defect.ts')}`, FAULT_DEFECT_FILE: file }
      await act.fault('a release with a defect', async () => { await stage.restart('p1', 'processor', 'end', { settings }) })
      await act.send(...orderIds.map(orderId => orderFor(act, orderId)))
      const parked = async () => (await readLetters(stage.outside.kafka)).filter(letter => orderIds.includes(letter.parked))
      await until(async () => new Set((await parked()).map(letter => letter.parked)).size === 3, 'three orders are parked')
      for (const letter of await parked()) act.isBad(letter)
      const redrive = async (id: string): Promise<void> => {
        const places = Array.from({ length: deadLetterCommandTopic.partitions }, (_, partition) => partition)
        await act.send(...places.map(partition => commandRecord(deadLetterCommandTopic.name, partition, { type: 'Redrive', id, processor: 'shipping', filter: { reason: 'STR_HANDLER_FAILED' } })))
      }
      await redrive('too early')
      await until(async () => new Set((await parked()).filter(({ attempts }) => attempts > 1).map(letter => letter.parked)).size === 3, 'they failed again')
      writeFileSync(file, '')
      await act.fault('redriven', async () => { await Promise.all(['one', 'two', 'three'].map(redrive)) })
      act.expect('the file of the defect is empty', readFileSync(file, 'utf8') === '')
      await act.moves()
      await stage.restart('p1', 'processor', 'end')
    }
  }
]

function isReadable (value: Buffer): boolean {
  try {
    commands.value.decode(value)
    return true
  } catch {
    return false
  }
}
