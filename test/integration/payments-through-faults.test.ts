import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { type Test, test } from 'tap'
import { type CommandMeta, type PaymentState } from '#schemas'
import { createTestDriver } from '#streams/testing'
import { loadConfig } from '../../ops/config.ts'
import { openPaymentCallbacks } from '../../ops/platform/payment-provider.ts'
import { gatewayBooks } from '../../ops/verify/gateway-books.ts'
import { checkMoney } from '../../topology/audit/laws.ts'
import { createPaymentsProcessor, createHttpGateway, guardGateway, paymentStore, paymentsName, topics } from '../../topology/index.ts'
import { netAmount } from '../../topology/payments/payment.ts'
import { bindMemoryCodec } from '../support/bind-codec.ts'
import { buildApi } from '../support/build-app.ts'

const meta: CommandMeta = { commandId: '', bodyHash: null, issuedAt: 0, correlationId: 'c', principal: null, tenant: 'default' }
const tokens = ['tok_ok', 'tok_timeout', 'tok_capture_timeout', 'tok_refund_timeout', 'tok_slow', 'tok_flaky', 'tok_declined']
const amount = 1_000n
const count = 42
const orders = Array.from({ length: count }, (_, index) => `00000000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`)

/** The embedded gateway as a process of its own, which may be killed and started again on its books. */
async function startGateway (args: readonly string[]): Promise<{ readonly child: ChildProcess, readonly url: string }> {
  const child = spawn(process.execPath, ['ops/stack/gateway/main.ts', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(createInterface(child.stdout), 'line') as [string]
  return { child, url: line.split(' ').at(-1) as string }
}

/** Payments over a real gateway process, whose callbacks come in through the API. The clock of the processor is the test's. */
async function open (t: Test) {
  const folder = t.testdir({})
  const config = loadConfig({ env: { COMMERCE_DATA_DIR: folder }, file: false })
  const { app, clock } = await buildApi(t)
  const intake: { driver?: Awaited<ReturnType<typeof createTestDriver>> } = {}
  let heard = 0
  const commandLog: typeof app.services.commandLog = {
    append: async command => {
      heard++
      if (command.type === 'PaymentCallback') await intake.driver?.pipe(topics.payments.callbacks, command.orderId, command)
      return { topic: topics.payments.callbacks.name, partition: 0, offset: 0n }
    }
  }
  Object.assign(app.services, { commandLog, callbacks: await openPaymentCallbacks(config), clock: { ...clock, now: () => Date.now() } })
  const callbackUrl = `${await app.listen({ host: '127.0.0.1', port: 0 })}/v1/webhooks/payments`
  const callbacks = ['--callbacks', 'late', '--callback-url', callbackUrl, '--callback-key', config.payments.callbackKeyFile]
  const args = ['--journal', join(folder, 'journal.ndjson'), '--slow-ms', '150', ...callbacks]
  let gateway = await startGateway(['--port', '0', ...args])
  const { url } = gateway
  t.teardown(() => { gateway.child.kill('SIGKILL') })
  const client = guardGateway(createHttpGateway({ url }), { timeoutMs: 400, minimumCalls: 10_000 })
  const processor = createPaymentsProcessor({ gateway: client, timeoutMs: 3_600_000 })
  await bindMemoryCodec()
  const driver = await createTestDriver({ nodes: [processor] })
  intake.driver = driver
  t.teardown(async () => { await driver.close(); await client.close() })
  return {
    driver,
    url,
    heard: () => heard,
    states: async () => await driver.store(paymentsName, paymentStore).rows(),
    killGateway: async () => {
      gateway.child.kill('SIGKILL')
      await once(gateway.child, 'exit')
      gateway = await startGateway(['--port', new URL(url).port, ...args])
    }
  }
}

/** What the order would ask for next: a capture, a void of every fifth, two refunds of every third; and the void of what is not known. */
function nextCommand (index: number, state: PaymentState): 'capture' | 'void' | 'refund' | 'none' {
  if (state.operation !== null || state.waiting.length > 0) return 'none'
  if (state.status === 'authorised') return index % 5 === 4 ? 'void' : 'capture'
  if (state.status === 'failed' && (state.unresolved || state.authorised > state.captured + state.voided)) return 'void'
  return netAmount(state) > 0n && index % 3 === 0 && state.refunds.length < 2 ? 'refund' : 'none'
}

test('the books of the provider and ours agree, whatever is killed, lost, late or said twice', async t => {
  const { driver, url, heard, states, killGateway } = await open(t)
  const ask = async (index: number, state: PaymentState): Promise<boolean> => {
    const { orderId, attempt, refunds } = state
    const about = { meta, orderId, attempt }
    switch (nextCommand(index, state)) {
      case 'capture': await driver.pipe(topics.payments.commands, orderId, { type: 'CapturePayment', ...about, amount, currency: 'GBP' }); return true
      case 'void': await driver.pipe(topics.compensations.payment, orderId, { type: 'VoidPayment', ...about, reason: 'test' }); return true
      case 'refund':
        await driver.pipe(topics.compensations.payment, orderId, {
          type: 'RefundPayment', meta, orderId, effectId: `r${refunds.length}`, amount: 300n, reason: 'test', ceiling: null, capped: false
        })
        return true
      case 'none': return state.operation !== null || state.waiting.length > 0
    }
  }
  for (const [index, orderId] of orders.entries()) {
    const token = tokens[index % tokens.length] as string
    await driver.pipe(topics.payments.commands, orderId, { type: 'AuthorizePayment', meta, orderId, attempt: 1, amount, currency: 'GBP', method: 'card', token })
  }
  const restart = async (): Promise<void> => { await driver.restart() }
  const kills = [[2, killGateway], [6, restart], [10, killGateway], [14, restart]] as const
  for (let round = 0, busy = true; busy; round++) {
    for (const [after, kill] of kills) if (round === after) await kill()
    await driver.advance(500)
    await pause(25)
    const rows = await states()
    busy = rows.size < count || round <= 14
    for (const [index, orderId] of orders.entries()) {
      const state = rows.get(orderId)
      if (state !== undefined && await ask(index, state)) busy = true
    }
  }

  const ours = [...(await states()).values()]
  t.same(checkMoney(ours, { gateway: await gatewayBooks(url) }).violations, [])
  t.ok(ours.every(({ operation, waiting, unresolved }) => operation === null && waiting.length === 0 && !unresolved), 'nothing is left open')
  t.ok(ours.some(({ status }) => status === 'captured') && ours.some(({ status }) => status === 'voided') && ours.some(({ status }) => status === 'partiallyRefunded'))
  t.ok(ours.filter(({ status }) => status === 'failed').length >= count / tokens.length, 'declined ones failed')
  t.ok(heard() > 0, `${heard()} callbacks`)
  t.same(await driver.deadLetters(), [])
})
