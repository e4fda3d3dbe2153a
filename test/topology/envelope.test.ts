import fc from 'fast-check'
import { test } from 'tap'
import { type CommandMeta } from '../../schemas/index.ts'
import { bodyHash, causeOf, causeOfSource, commandId, commandIdOf, commandMeta, eventMeta, topicCommandId, uuidOfCommand } from '../../topology/envelope.ts'

const context = (id = '0198c0de-0000-5000-8000-000000000001') => ({ nowMs: 1_700_000_000_000, nextId: () => id })
const command = (given: Partial<CommandMeta> = {}): CommandMeta =>
  ({ commandId: 'c1', bodyHash: null, issuedAt: 0, correlationId: '', principal: null, tenant: 'default', ...given })
const source = { kind: 'record', topic: 'commerce.orders.commands', partition: 3, offset: 42n } as const

test('an event takes id and time from the context and the rest from its cause', t => {
  t.same(eventMeta(context(), { correlationId: 'r', causationId: 'c' }, 7), {
    eventId: '0198c0de-0000-5000-8000-000000000001',
    occurredAt: 1_700_000_000_000,
    correlationId: 'r',
    causationId: 'c',
    aggregateVersion: 7,
    tenant: 'default'
  })
  t.end()
})

test('a command emitted twice for one input is the same command', t => {
  const cause = { correlationId: 'r', causationId: 'c' }
  t.same(commandMeta(context(), cause), commandMeta(context(), cause))
  t.not(commandMeta(context('other'), cause).commandId, commandMeta(context(), cause).commandId)
  t.match(commandMeta(context(), cause).commandId, /^[0-9a-f]{64}$/)
  t.end()
})

test('a command starts a correlation with its own id when it came without one', t => {
  t.same(causeOf(command()), { correlationId: 'c1', causationId: 'c1' })
  t.same(causeOf(command({ correlationId: 'r' })), { correlationId: 'r', causationId: 'c1' })
  t.end()
})

test('an event hands on its correlation and is itself the cause', t => {
  t.same(causeOf(eventMeta(context('e1'), { correlationId: 'r', causationId: 'c' })), { correlationId: 'r', causationId: 'e1' })
  t.end()
})

test('a command without an id gets one from where it lies in the log', t => {
  t.equal(commandIdOf(command({ commandId: '' }), source), topicCommandId('commerce.orders.commands', 3, 42n))
  t.equal(commandIdOf(command(), source), 'c1')
  t.not(topicCommandId('t', 1, 1n), topicCommandId('t', 1, 2n))
  t.end()
})

test('a timer is named as the cause of what it leads to', t => {
  t.same(causeOfSource({ kind: 'timer', key: 'k', dueMs: 5, version: 9n }, 'r'), { correlationId: 'r', causationId: 'timer/k/9' })
  t.end()
})

test('a command id differs whenever the list of parts differs, wherever the borders lie', t => {
  fc.assert(fc.property(fc.array(fc.string()), fc.array(fc.string()), (a, b) =>
    (commandId(...a) === commandId(...b)) === (JSON.stringify(a) === JSON.stringify(b))))
  t.not(commandId('ab', 'c'), commandId('a', 'bc'))
  t.end()
})

test('a command gives a well-formed UUID', t => {
  fc.assert(fc.property(fc.string(), text =>
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uuidOfCommand(commandId(text)))))
  t.equal(uuidOfCommand(commandId('x')), uuidOfCommand(commandId('x')))
  t.not(uuidOfCommand(commandId('x')), uuidOfCommand(commandId('y')))
  t.end()
})

test('a body has one hash however its keys are ordered', t => {
  t.equal(bodyHash({ a: 1, b: [{ c: 2, d: undefined }] }), bodyHash({ b: [{ c: 2 }], a: 1 }))
  t.not(bodyHash({ a: [1, 2] }), bodyHash({ a: [2, 1] }))
  t.not(bodyHash({ a: '1' }), bodyHash({ a: 1 }))
  t.equal(bodyHash({ a: 5n }), bodyHash({ a: 5n }))
  t.end()
})
