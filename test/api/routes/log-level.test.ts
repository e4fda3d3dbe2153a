import { test, type Test } from 'tap'
import { type LevelSwitch, createLogger } from '../../../ops/logger.ts'
import { buildApi } from '../../support/build-app.ts'

interface Line { readonly level: string, readonly msg: string, readonly correlationId?: string, readonly traceId?: string, readonly by?: string }

async function open (t: Test, level: LevelSwitch['level']) {
  const lines: Line[] = []
  const logLevel: LevelSwitch = { level }
  const logger = createLogger({ level: logLevel, to: { write: text => { lines.push(JSON.parse(text) as Line) } } })
  const api = await buildApi(t, { logger, levelSwitch: logLevel })
  const headers = { authorization: `Bearer ${await api.token('Admin')}` }
  return {
    lines,
    logLevel,
    set: async (level: string) => await api.app.inject({ method: 'PUT', url: '/v1/admin/log-level', headers, payload: { level } }),
    get: async (more = {}) => await api.app.inject({ method: 'GET', url: '/v1/admin/log-level', headers: { ...headers, ...more } }),
    api
  }
}

test('the log level of a process changes at once, and the log says who did it', async t => {
  const { lines, logLevel, set, get } = await open(t, 'warn')
  t.same((await get()).json(), { level: 'warn' })
  t.equal(lines.length, 0, 'requests are not logged at warn')
  t.same((await set('info')).json(), { level: 'info' })
  t.match(lines[0], { level: 'warn', from: 'warn', to: 'info', by: /./, msg: 'the log level is changed' })
  await get()
  t.ok(lines.some(({ msg }) => msg === 'incoming request'), 'requests are')
  await set('silent')
  t.match(lines.at(-1), { to: 'silent' }, 'the last line is who silenced it')
  await set('error')
  t.equal(logLevel.level, 'error')
})

test('the log level is for administrators, and only one that there is', async t => {
  const { api, set, logLevel } = await open(t, 'warn')
  t.equal((await set('loud')).statusCode, 422)
  for (const role of ['Support', 'Analyst'] as const) {
    const headers = { authorization: `Bearer ${await api.token(role)}` }
    t.equal((await api.app.inject({ method: 'PUT', url: '/v1/admin/log-level', headers, payload: { level: 'trace' } })).statusCode, 403)
  }
  t.equal((await api.app.inject({ method: 'GET', url: '/v1/admin/log-level' })).statusCode, 401)
  t.equal(logLevel.level, 'warn')
})

test('every line of a request names its correlation id, and its trace when it has one', async t => {
  const { lines, get } = await open(t, 'info')
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  await get({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` })
  t.ok(lines.length >= 2)
  for (const line of lines) t.match(line, { traceId, correlationId: traceId }, line.msg)
  lines.length = 0
  await get()
  for (const line of lines) t.match(line, { correlationId: /^[0-9a-f-]{36}$/, traceId: undefined }, line.msg)
})
