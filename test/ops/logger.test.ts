import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { type LevelSwitch, createLogger, redactedFields } from '../../ops/logger.ts'

function capture (): { readonly lines: Array<Record<string, unknown>>, readonly to: { write (text: string): void } } {
  const lines: Array<Record<string, unknown>> = []
  return { lines, to: { write: text => { lines.push(JSON.parse(text) as Record<string, unknown>) } } }
}

test('a field that may not be written is censored at the top and two levels down when a line holds it', async t => {
  const { lines, to } = capture()
  const log = createLogger({ level: 'info', to })
  for (const field of redactedFields) {
    log.info({ [field]: 'visible-secret', a: { [field]: 'visible-secret', b: { [field]: { deep: 'visible-secret' } } } }, 'a line')
    t.notMatch(JSON.stringify(lines.at(-1)), /visible-secret/, field)
    t.equal(lines.at(-1)?.[field], '[redacted]')
  }
})

test('a request is written without its authorization and cookie when it is logged with headers', async t => {
  const { lines, to } = capture()
  createLogger({ level: 'info', to }).info({ req: { method: 'GET', headers: { authorization: 'Bearer x', cookie: 'y', host: 'h' } } }, 'request')
  t.same(lines[0]?.['req'], { method: 'GET', headers: { authorization: '[redacted]', cookie: '[redacted]', host: 'h' } })
})

test('a line carries level name, ISO time and the fields of its process', async t => {
  const { lines, to } = capture()
  createLogger({ level: 'debug', fields: { role: 'sink' }, to }).debug({ rows: 3 }, 'rows inserted')
  t.match(lines[0], { level: 'debug', role: 'sink', pid: process.pid, rows: 3, msg: 'rows inserted' })
  t.match(lines[0]?.['time'], /^\d{4}-\d\d-\d\dT/)
})

test('an error is written with its message and stack when it stands under err', async t => {
  const { lines, to } = capture()
  createLogger({ level: 'info', to }).error({ err: new Error('broken') }, 'failed')
  t.match(lines[0], { err: { type: 'Error', message: 'broken', stack: /broken/ } })
})

test('a line below the level is not written', async t => {
  const { lines, to } = capture()
  createLogger({ level: 'warn', to }).info('quiet')
  t.same(lines, [])
})

test('lines go to a file when one is named, with its folder made', async t => {
  const file = join(t.testdir({}), 'logs', 'platform.log')
  createLogger({ level: 'info', to: file }).info('to file')
  t.match(readFileSync(file, 'utf8'), /"msg":"to file"/)
})

test('addresses, tokens and keys are censored wherever they stand in a line, the text of an error included', async t => {
  const { lines, to } = capture()
  const log = createLogger({ level: 'info', to })
  const hidden = ['ada@example.org', 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl', 'whsec_0123456789', 'sk_live_0123456789', 'Bearer abcdefgh12345678']
  for (const secret of hidden) {
    log.info({ note: `before ${secret} after`, list: [secret] }, `of ${secret}`)
    log.error({ err: new Error(`the address ${secret} is taken`, { cause: new Error(secret) }) }, 'failed')
    t.notMatch(JSON.stringify(lines.slice(-2)), secret)
    t.match(JSON.stringify(lines.at(-1)), /is taken/, 'the rest is there')
  }
  log.info({ path: '/v1/orders/0199a7f2-6c1e-7000-8000-000000000000', host: 'all@host/123' }, 'plain')
  t.match(lines.at(-1), { path: '/v1/orders/0199a7f2-6c1e-7000-8000-000000000000', host: 'all@host/123' })
})

test('personal data of an order is not written when its command is', async t => {
  const { lines, to } = capture()
  const command = { type: 'PlaceOrder', guestEmail: 'ada@example.org', shippingAddress: { keyId: 'k', ciphertext: 'bytes', line1: '12 St James Square' }, lines: [{ sku: 'A' }] }
  createLogger({ level: 'info', to }).info({ command, ...command }, 'a command')
  t.match(lines[0], { command: { type: 'PlaceOrder', guestEmail: '[redacted]', shippingAddress: '[redacted]', lines: [{ sku: 'A' }] } })
  t.notMatch(JSON.stringify(lines), /ada|James|bytes/)
})

test('a change of the level acts at once on a logger and the children it has', async t => {
  const { lines, to } = capture()
  const level: LevelSwitch = { level: 'warn' }
  const log = createLogger({ level, to })
  const child = log.child({ component: 'c' })
  child.info('quiet')
  t.same(lines, [])
  level.level = 'debug'
  child.debug('loud')
  log.debug('loud, too')
  t.match(lines, [{ level: 'debug', component: 'c', msg: 'loud' }, { level: 'debug', msg: 'loud, too' }])
  level.level = 'silent'
  child.fatal('nothing')
  t.equal(lines.length, 2)
})
