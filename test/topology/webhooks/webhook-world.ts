import { type ChangeWebhook, type CommandMeta, type OrderConfirmed, type ResendWebhook, type SubscribeWebhook, type WebhookCall, type WebhookDelivery } from '#schemas'
import { setImmediate as turn } from 'node:timers/promises'
import { type TestDriver, createTestDriver } from '../../../streams/testing/index.ts'
import { topics } from '../../../topology/topics.ts'
import { deliveryKey } from '../../../topology/webhooks/message-id.ts'
import { createWebhooksProcessor } from '../../../topology/webhooks/process-webhooks.ts'
import { initialRoutes } from '../../../topology/webhooks/routes.ts'
import { type WebhookAnswer, type WebhookSender } from '../../../topology/webhooks/sender.ts'
import { deliveryStore, routesTable, turnStore, webhookKey, webhookStore } from '../../../topology/webhooks/stores.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'

export const ownerId = 'owner-1'
export const webhookId = '00000000-0000-4000-8000-0000000000a1'
export const url = 'https://hooks.example.com/in'

export const arrived: WebhookAnswer = { code: 'delivered', status: 200, tookMs: 12, excerpt: 'ok' }
export const failing: WebhookAnswer = { code: 'refused', status: 500, tookMs: 12, excerpt: 'no' }

/** How an endpoint answers a message, now or later; `count` counts the messages that it had. */
export type Endpoint = (call: WebhookCall, count: number) => WebhookAnswer | Promise<WebhookAnswer>

/** Endpoints by URL, and every call they had. */
export class Endpoints implements WebhookSender {
  readonly calls: WebhookCall[] = []
  readonly #endpoints: Readonly<Record<string, Endpoint>>

  constructor (endpoints: Readonly<Record<string, Endpoint>>) {
    this.#endpoints = endpoints
  }

  async send (call: WebhookCall): Promise<WebhookAnswer> {
    this.calls.push(call)
    return await (this.#endpoints[call.url]?.(call, this.to(call.url).length) ?? arrived)
  }

  async close (): Promise<void> {}

  to (wanted: string): WebhookCall[] {
    return this.calls.filter(call => call.url === wanted)
  }
}

type Given<Command> = Partial<Omit<Command, 'type' | 'meta'>>

/** The webhooks processor in the driver, between a log and endpoints. */
export class WebhookWorld {
  readonly driver: TestDriver
  readonly endpoints: Endpoints
  readonly processor: ReturnType<typeof createWebhooksProcessor>
  #commands = 0

  private constructor (driver: TestDriver, processor: ReturnType<typeof createWebhooksProcessor>, endpoints: Endpoints) {
    this.driver = driver
    this.processor = processor
    this.endpoints = endpoints
  }

  static async start (
    t: { teardown (close: () => Promise<void>): void }, endpoint: Endpoint = () => arrived, others: Readonly<Record<string, Endpoint>> = {}
  ): Promise<WebhookWorld> {
    const endpoints = new Endpoints({ [url]: endpoint, ...others })
    const processor = createWebhooksProcessor({ sender: endpoints })
    await bindMemoryCodec()
    const driver = await createTestDriver({ nodes: [processor], globals: [[routesTable, initialRoutes.map(row => [String(row.partition), row] as const)]] })
    t.teardown(async () => { await driver.close() })
    await driver.advance(1)
    return new WebhookWorld(driver, processor, endpoints)
  }

  meta (commandId = `command-${this.#commands++}`): CommandMeta {
    return { commandId, bodyHash: null, issuedAt: 0, correlationId: '', principal: ownerId, tenant: 'default' }
  }

  async subscribe (given: Given<SubscribeWebhook> = {}, meta = this.meta()): Promise<void> {
    const command: SubscribeWebhook = { type: 'SubscribeWebhook', meta, ownerId, webhookId, url, eventTypes: ['orders.*'], description: '', secretId: 's1', ...given }
    await this.driver.pipe(topics.webhooks.commands, command.ownerId, command)
    await this.driver.run()
  }

  async change (given: Given<ChangeWebhook>): Promise<void> {
    const command: ChangeWebhook = { type: 'ChangeWebhook', meta: this.meta(), ownerId, webhookId, url: null, eventTypes: null, description: null, enabled: null, ...given }
    await this.driver.pipe(topics.webhooks.commands, ownerId, command)
    await this.driver.run()
  }

  async ask (type: 'RemoveWebhook' | 'PingWebhook', meta = this.meta()): Promise<void> {
    await this.driver.pipe(topics.webhooks.commands, ownerId, { type, meta, ownerId, webhookId })
    await this.driver.run()
  }

  async rotate (secretId: string, overlapMs: number): Promise<void> {
    await this.driver.pipe(topics.webhooks.commands, ownerId, { type: 'RotateWebhookSecret', meta: this.meta(), ownerId, webhookId, secretId, overlapMs })
    await this.driver.run()
  }

  async resend (given: Given<ResendWebhook> = {}, meta = this.meta()): Promise<void> {
    const command: ResendWebhook = { type: 'ResendWebhook', meta, ownerId, webhookId, messageId: null, from: 0, until: null, isFailedOnly: true, ...given }
    await this.driver.pipe(topics.webhooks.commands, ownerId, command)
    await this.driver.run()
  }

  /** Orders of those numbers are confirmed, a millisecond after each other. Without `settle` nothing has happened yet when it resolves. */
  async confirm (numbers: readonly number[], settle = true): Promise<void> {
    for (const number of numbers) {
      const event = orderConfirmed(number, this.driver.nowMs)
      await this.driver.pipe(topics.orders.events, event.orderId, event)
    }
    if (settle) await this.driver.run()
  }

  async webhook (id = webhookId, owner = ownerId) {
    return await this.driver.store(this.processor, webhookStore).get(webhookKey({ ownerId: owner, webhookId: id }))
  }

  /** Messages, the newest first. */
  async deliveries (): Promise<WebhookDelivery[]> {
    return [...(await this.driver.store(this.processor, deliveryStore).rows()).values()]
  }

  async delivery (messageId: string) {
    return await this.driver.store(this.processor, deliveryStore).get(deliveryKey(webhookId, messageId))
  }

  async turns (): Promise<number> {
    return (await this.driver.store(this.processor, turnStore).rows()).size
  }

  /** Works until so many calls were made, and no further: what they lead to has not happened when it resolves. */
  async untilCalls (count: number): Promise<void> {
    for (let turns = 0; this.endpoints.calls.length < count; turns++) {
      if (turns > 20_000) throw new Error(`only ${this.endpoints.calls.length} of ${count} calls were made`)
      await turn()
    }
  }
}

export function orderOf (number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}

export function orderConfirmed (number: number, atMs: number): OrderConfirmed {
  const orderId = orderOf(number)
  return {
    type: 'OrderConfirmed',
    meta: { eventId: orderId, occurredAt: atMs + number, correlationId: 'c', causationId: 'c', aggregateVersion: 5, tenant: 'default' },
    orderId,
    total: 200_000n,
    currency: 'GBP',
    lines: [{ lineNo: 1, sku: 'MUG-1', quantity: 2, unitPrice: 100_000n, lineTotal: 200_000n, priceSource: 'catalog', catalogVersion: 1, stocked: true }],
    customerId: 'customer-1',
    placedAt: atMs
  }
}
