import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { type Test, test } from 'tap'
import { type CallbackMode, CallbackSender, callbackSecret } from '../../ops/stack/gateway/callbacks.ts'
import { type GatewayCommand, GatewayLedger } from '../../ops/stack/gateway/ledger.ts'
import { checkSignature } from '../../topology/callbacks/signature.ts'
import { readEmbeddedCallback } from '../../topology/payments/read-callback.ts'

const orderId = '00000000-0000-4000-8000-000000000001'
const secret = callbackSecret(Buffer.alloc(32, 1))

/** A platform that takes callbacks, after refusing the first `refusals`. */
async function listen (t: Test, refusals = 0) {
  const bodies: string[] = []
  const verdicts: string[] = []
  let left = refusals
  const arrivals: Array<() => void> = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const body = Buffer.concat(chunks)
      const header = request.headers['payment-signature']
      verdicts.push(checkSignature(typeof header === 'string' ? header : undefined, body, 1_000, { secrets: [secret], toleranceS: 0 }))
      if (left-- <= 0) bodies.push(body.toString())
      response.writeHead(left < 0 ? 202 : 503).end()
      for (const arrived of arrivals) arrived()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.close(); server.closeAllConnections() })
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise<void>(resolve => { arrivals.push(resolve) })
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies, verdicts, until }
}

function submit (ledger: GatewayLedger, token: string, step: 'authorise' | 'capture' = 'authorise') {
  const key = `${orderId}/authorise/1`
  const command: GatewayCommand = step === 'authorise'
    ? { step, key, orderId, amount: 1_000n, currency: 'GBP', method: 'card', token }
    : { step, key: `${orderId}/capture/1`, authorisationKey: key, amount: 1_000n, currency: 'GBP' }
  return ledger.submit(command, 1_000_000)
}

function senderTo (t: Test, url: string, mode: CallbackMode, pausesMs = [1, 1, 1]): CallbackSender {
  const sender = new CallbackSender({ url, secret, mode, now: () => 1_000_000, pausesMs })
  t.teardown(async () => { await sender.close() })
  return sender
}

test('the gateway tells of a late answer, signed, twice, under one id that the platform can read', async t => {
  const platform = await listen(t)
  senderTo(t, platform.url, 'late').tell(submit(new GatewayLedger(), 'tok_timeout'))
  await platform.until(() => platform.bodies.length === 2)
  t.same(platform.verdicts, ['valid', 'valid'])
  t.equal(platform.bodies[0], platform.bodies[1])
  t.match(readEmbeddedCallback(JSON.parse(platform.bodies[0] as string)), {
    kind: 'heard', callback: { orderId, callbackId: /^evt_/, step: 'authorise', attempt: 1, outcome: 'done', authorised: 1_000n, currency: 'GBP' }
  })
})

test('the gateway sends a callback again until it is taken', async t => {
  const platform = await listen(t, 2)
  senderTo(t, platform.url, 'late').tell(submit(new GatewayLedger(), 'tok_slow'))
  await platform.until(() => platform.bodies.length === 2)
  t.equal(platform.verdicts.length, 4)
})

test('the gateway tells of what its mode says, and never of what it has told before', async t => {
  const platform = await listen(t)
  const ledger = new GatewayLedger()
  senderTo(t, platform.url, 'none').tell(submit(ledger, 'tok_timeout'))
  senderTo(t, platform.url, 'late').tell(submit(new GatewayLedger(), 'tok_ok'))
  senderTo(t, platform.url, 'all').tell(submit(ledger, 'tok_timeout'))
  senderTo(t, platform.url, 'all').tell(submit(new GatewayLedger(), 'tok_flaky'))
  senderTo(t, platform.url, 'all').tell(submit(new GatewayLedger(), 'tok_declined'))
  await platform.until(() => platform.bodies.length === 2)
  t.match(readEmbeddedCallback(JSON.parse(platform.bodies[0] as string)), { callback: { outcome: 'declined', code: 'card-declined' } })
})

test('the gateway is silent in the step that its token says', t => {
  const ledger = new GatewayLedger()
  t.equal(submit(ledger, 'tok_capture_timeout').delivery, 'now')
  t.equal(submit(ledger, 'tok_capture_timeout', 'capture').delivery, 'never')
  t.equal(submit(ledger, 'tok_capture_timeout', 'capture').delivery, 'now', 'a repeat is answered')
  t.equal(submit(new GatewayLedger(), 'constructor').result.kind, 'declined', 'a token nobody issued')
  t.end()
})

test('the gateway gives up what nobody takes, and ends at once', async t => {
  const sender = senderTo(t, 'http://127.0.0.1:1', 'all', [60_000])
  sender.tell(submit(new GatewayLedger(), 'tok_ok'))
  await sender.close()
  t.pass('it does not wait for the pause')
})
