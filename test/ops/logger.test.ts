import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { createLogger, redactedFields } from '../../ops/logger.ts'

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
