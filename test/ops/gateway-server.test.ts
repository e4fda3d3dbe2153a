import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Test, test } from 'tap'
import { openGateway } from '../../ops/stack/gateway/gateway.ts'
import { GatewayJournal } from '../../ops/stack/gateway/journal.ts'
import { GatewayLedger } from '../../ops/stack/gateway/ledger.ts'
import { createGatewayServer } from '../../ops/stack/gateway/server.ts'
import { createHttpGateway } from '../../topology/payments/http-gateway.ts'

const signal = new AbortController().signal

async function folder (t: Test): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'gateway-'))
  t.teardown(() => rm(path, { recursive: true, force: true }))
  return path
}

async function serve (t: Test, slowMs = 20) {
  const journal = join(await folder(t), 'journal.ndjson')
  const gateway = await openGateway({ port: 0, journal, slowMs, onFailure: error => { throw error } })
  const client = createHttpGateway({ url: gateway.url })
  t.teardown(async () => {
    await client.close()
    await gateway.close()
  })
  return { gateway, client, journal }
}

/** The gateway as a process of its own, as the stack starts it. */
async function start (t: Test, journal: string) {
  const child = spawn(process.execPath, ['ops/stack/gateway/main.ts', '--port', '0', '--journal', journal], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => { child.kill('SIGKILL') })
  const [line] = await once(createInterface(child.stdout), 'line') as [string]
  const url = line.split(' ').at(-1) as string
  const client = createHttpGateway({ url })
  t.teardown(() => client.close())
  return { child, url, client, kill: async (name: NodeJS.Signals) => { child.kill(name); return await once(child, 'exit') } }
}

const authorisation = (key: string, token = 'tok_ok', amount = 123_400n) =>
  ({ key, orderId: `order-${key}`, amount, currency: 'GBP', method: 'card', token } as const)
const follow = (key: string, authorisationKey: string, amount = 123_400n) => ({ key, authorisationKey, reference: '', amount, currency: 'GBP' })
const giveUp = (key: string, authorisationKey: string) => ({ key, authorisationKey, reference: '', authorisation: authorisation(authorisationKey) })
const lost = (key: string) => ({ step: 'authorise', ...giveUp(key, key) } as const)

test('the gateway authorises, captures and refunds over HTTP, and its ledger tells it', async t => {
  const { gateway, client } = await serve(t)
  t.match(await client.authorise(authorisation('a/1'), signal), { kind: 'done', view: { authorised: 123_400n, captured: 0n, currency: 'GBP' } })
  t.match(await client.capture(follow('c/1', 'a/1'), signal), { kind: 'done', view: { captured: 123_400n } })
  t.match(await client.refund(follow('r/1', 'a/1', 3_400n), signal), { kind: 'done', view: { refunded: 3_400n } })
  const ledger = await (await fetch(`${gateway.url}/v1/ledger`)).json() as object
  t.match(ledger, {
    totals: { GBP: { authorised: '123400', captured: '123400', voided: '0', refunded: '3400' } },
    entries: [{ key: 'a/1', orderId: 'order-a/1', authorised: '123400' }]
  })
})

test('the gateway voids by the key of the authorisation, and fences a key it does not know', async t => {
  const { client } = await serve(t)
  await client.authorise(authorisation('a'), signal)
  t.match(await client.void(giveUp('v', 'a'), signal), { kind: 'done', view: { voided: 123_400n } })
  t.match(await client.void(giveUp('w', 'late'), signal), { kind: 'done', view: { reference: '' } })
  t.match(await client.authorise(authorisation('late'), signal), { kind: 'refused', code: 'voided-before' })
})

test('the gateway answers a repeated key alike and refuses it with other content', async t => {
  const { client } = await serve(t)
  const first = await client.authorise(authorisation('a'), signal)
  t.same(await client.authorise(authorisation('a'), signal), first)
  t.match(await client.authorise(authorisation('a', 'tok_ok', 1n), signal), { kind: 'refused', code: 'idempotency-key-reused' })
})

test('the gateway tells by key what became of a call', async t => {
  const { client } = await serve(t)
  t.equal(await client.find(lost('a'), signal), null)
  const answer = await client.authorise(authorisation('a'), signal)
  t.same(await client.find(lost('a'), signal), answer)
  await client.authorise(authorisation('d', 'tok_declined'), signal)
  t.match(await client.find(lost('d'), signal), { kind: 'declined', code: 'card-declined' })
})

test('the gateway never answers tok_timeout the first time, but has done the work', async t => {
  const { client } = await serve(t)
  t.match(await client.authorise(authorisation('a', 'tok_timeout'), AbortSignal.timeout(50)), { kind: 'unknown' })
  t.match(await client.find(lost('a'), signal), { kind: 'done' })
  t.match(await client.authorise(authorisation('a', 'tok_timeout'), signal), { kind: 'done' })
})

test('the gateway fails tok_flaky twice and answers tok_slow in the end', async t => {
  const { client } = await serve(t)
  const kinds: string[] = []
  for (let call = 0; call < 3; call++) kinds.push((await client.authorise(authorisation('f', 'tok_flaky'), signal)).kind)
  t.same(kinds, ['unknown', 'unknown', 'done'])
  t.match(await client.authorise(authorisation('s', 'tok_slow'), signal), { kind: 'done' })
})

test('the gateway answers a bad request with 400 and the field, an unknown route with 404', async t => {
  const { gateway } = await serve(t)
  const post = (path: string, body: string, key = 'k') =>
    fetch(gateway.url + path, { method: 'POST', body, headers: key === '' ? {} : { 'idempotency-key': key } })
  const error = async (response: Response) => [response.status, ((await response.json()) as { error: { message: string } }).error.message]
  t.match(await error(await post('/v1/authorisations', '{')), [400, /JSON/])
  t.match(await error(await post('/v1/authorisations', '[]')), [400, /JSON/])
  t.match(await error(await post('/v1/authorisations', '{"orderId":"o","amount":1.5,"currency":"GBP","method":"card","token":"t"}')), [400, /amount/])
  t.match(await error(await post('/v1/authorisations', '{"amount":"1"}')), [400, /orderId/])
  t.match(await error(await post('/v1/refunds', '{"amount":"1","currency":"GBP"}')), [400, /authorisationKey/])
  t.match(await error(await post('/v1/authorisations', '{}', '')), [400, /Idempotency-Key/])
  t.match(await error(await post('/v1/authorisations', `"${'x'.repeat(20_000)}"`)), [400, /larger/])
  t.equal((await post('/v1/nowhere', '{}')).status, 404)
  t.equal((await fetch(`${gateway.url}/v1/authorisations/auth_nothing`)).status, 404)
  t.equal((await fetch(`${gateway.url}/v1/authorisations/%ZZ`)).status, 400)
  t.equal((await fetch(`${gateway.url}/health`, { method: 'DELETE' })).status, 405)
  t.equal((await fetch(`${gateway.url}/health`)).status, 200)
})

test('the gateway finds an authorisation by reference and by key, and takes steps by reference', async t => {
  const { gateway, client } = await serve(t)
  const answer = await client.authorise(authorisation('a'), signal)
  const reference = answer.kind === 'done' ? answer.view.reference : ''
  t.match(await (await fetch(`${gateway.url}/v1/authorisations/${reference}`)).json(), { key: 'a' })
  t.match(await (await fetch(`${gateway.url}/v1/authorisations?key=a`)).json(), { reference })
  const body = JSON.stringify({ amount: '123400', currency: 'GBP' })
  const headers = { 'idempotency-key': 'c' }
  t.match(await (await fetch(`${gateway.url}/v1/authorisations/${reference}/capture`, { method: 'POST', body, headers })).json(), { captured: '123400' })
})

test('the gateway opens its journal again, cuts off a line without its end, and refuses a damaged one', async t => {
  const journal = join(await folder(t), 'journal.ndjson')
  const first = await openGateway({ port: 0, journal, onFailure: error => { throw error } })
  const client = createHttpGateway({ url: first.url })
  await client.authorise(authorisation('a'), signal)
  await client.close()
  await first.close()
  await appendFile(journal, '{"step":"authorise","key":"torn"')
  const second = await openGateway({ port: 0, journal, onFailure: error => { throw error } })
  t.equal(second.ledger.size, 1)
  await second.close()
  t.ok((await readFile(journal, 'utf8')).endsWith('}\n'))
  await writeFile(journal, 'not json\n{}\n')
  await t.rejects(openGateway({ port: 0, journal, onFailure: () => {} }), /journal\.ndjson:1 is not an entry/)
})

test('the gateway leaves the outcome open and says so once when its journal cannot be written', async t => {
  const { journal } = await GatewayJournal.open(join(await folder(t), 'journal.ndjson'), error => { failures.push(error) })
  const failures: Error[] = []
  await journal.close()
  const server = createGatewayServer({ ledger: new GatewayLedger(), journal, now: () => 0 }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = createHttpGateway({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  t.teardown(async () => {
    await client.close()
    server.close()
  })
  t.match(await client.authorise(authorisation('a'), signal), { kind: 'unknown' })
  t.match(await client.authorise(authorisation('b'), signal), { kind: 'unknown' })
  t.equal(failures.length, 1)
})

test('the gateway process loses nothing it has answered when it is killed', async t => {
  const journal = join(await folder(t), 'journal.ndjson')
  const first = await start(t, journal)
  const answered: string[] = []
  const callers = Array.from({ length: 16 }, async (_, caller) => {
    for (let call = 0; ; call++) {
      const key = `${caller}-${call}`
      const answer = await first.client.authorise(authorisation(key), signal)
      if (answer.kind !== 'done') return
      answered.push(key)
      if (answered.length === 300) first.child.kill('SIGKILL')
    }
  })
  await Promise.all([...callers, once(first.child, 'exit')])
  t.ok(answered.length >= 300)
  const second = await start(t, journal)
  for (const key of answered) {
    const found = await second.client.find(lost(key), signal)
    if (found?.kind !== 'done') t.fail(`${key} was answered and is gone`)
  }
  const again = await second.client.authorise(authorisation(answered[0] as string), signal)
  t.match(again, { kind: 'done', view: { authorised: 123_400n } })
  const [code] = await second.kill('SIGTERM')
  t.equal(code, 0)
})

test('the gateway process says what it lacks', async t => {
  const child = spawn(process.execPath, ['ops/stack/gateway/main.ts'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const [text] = await once(child.stderr, 'data') as [Buffer]
  t.match(text.toString(), /--journal/)
  const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode]
  t.equal(code, 2)
})

test('the adapter says unavailable when nobody listens', async t => {
  const { gateway, client } = await serve(t)
  await gateway.close()
  t.match(await client.authorise(authorisation('a'), signal), { kind: 'unavailable', code: 'unreachable' })
})

test('the adapter tells apart what was certainly not done and what may have been', async t => {
  const answers: Record<string, readonly [number, string]> = {
    busy: [503, '{"error":{"code":"busy","message":"later"}}'],
    limited: [429, ''],
    broken: [502, '<html>'],
    garbled: [200, 'not json'],
    strange: [200, '{"reference":"r","currency":"GBP","authorised":"-1"}'],
    teapot: [418, '{}']
  }
  const server = createServer((request, response) => {
    const [status, body] = answers[String(request.headers['idempotency-key'])] ?? []
    if (status === undefined) return request.socket.destroy()
    response.writeHead(status).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = createHttpGateway({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  t.teardown(async () => {
    await client.close()
    server.close()
  })
  const kind = async (key: string) => (await client.authorise(authorisation(key), signal)).kind
  t.same(await Promise.all(['busy', 'limited'].map(kind)), ['unavailable', 'unavailable'])
  t.same(await Promise.all(['broken', 'garbled', 'strange', 'hang-up'].map(kind)), ['unknown', 'unknown', 'unknown', 'unknown'])
  t.equal(await kind('teapot'), 'refused')
})
