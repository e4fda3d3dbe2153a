import { type CancelOrder, type PlaceOrder, type ProductView } from '#schemas'
import { type RuntimeOptions } from '#streams'
import { type TestDriver, createTestDriver } from '../../streams/testing/index.ts'
import { type SubTopology } from '../../streams/topology.ts'
import { createTopology } from '../../topology/create-topology.ts'
import { inventoryProcessor } from '../../topology/inventory/process-inventory.ts'
import { backOrderStore, reservationStore, stockStore } from '../../topology/inventory/stores.ts'
import { catalogTable, orderStore, ordersProcessor, viewStore } from '../../topology/orders/process-orders.ts'
import { paymentStore } from '../../topology/payments/process-payments.ts'
import { type RiskOptions } from '../../topology/risk/process-risk.ts'
import { topics } from '../../topology/topics.ts'
import { bindMemoryCodec } from '../support/bind-codec.ts'
import { ScriptedGateway } from './payments/scripted-gateway.ts'
import { commandMeta, line, placeOrder, product } from './orders/order-fixtures.ts'

/** SKUs that live in both partitions of the stock, with 100 pieces each at 10.0000 GBP. */
export const skus = ['MUG-1', 'MUG-2', 'MUG-3', 'MUG-4', 'MUG-5', 'MUG-6']
export const pieces = 100

/** The whole platform in the driver, with the real books of the embedded gateway: nobody answers but the processors. */
export class Platform {
  readonly driver: TestDriver
  readonly gateway: ScriptedGateway
  #next = 1

  constructor (driver: TestDriver, gateway: ScriptedGateway) {
    this.driver = driver
    this.gateway = gateway
  }

  /** `change`: what a test does to a node before it runs. `risk`: by itself no amount of orders is too much. */
  static async start (
    t: { teardown (close: () => Promise<void>): void }, options: Partial<RuntimeOptions> = {}, change: (node: SubTopology) => SubTopology = node => node,
    risk: RiskOptions = { activityLimit: 0n }
  ): Promise<Platform> {
    const gateway = new ScriptedGateway()
    const nodes = createTopology({ payments: { gateway }, risk }).nodes.map(change)
    await bindMemoryCodec()
    const products = [...skus.map(sku => product(sku)), product('POST', { stocked: false })]
    const driver = await createTestDriver({ nodes, options, globals: [[catalogTable, products.map((entry): [string, ProductView] => [entry.sku, entry])]] })
    t.teardown(async () => { await driver.close() })
    for (const sku of skus) {
      const meta = { ...commandMeta, commandId: `register-${sku}` }
      await driver.pipe(topics.inventory.commands, sku, { type: 'RegisterSku', meta, sku, openingStock: pieces, reorderLevel: 5 })
    }
    await driver.run()
    return new Platform(driver, gateway)
  }

  /** Places an order of two pieces of each of the first `count` SKUs. */
  async place (orderId: string, change: Partial<PlaceOrder> = {}, count = 5): Promise<void> {
    const lines = skus.slice(0, count).map((sku, index) => line(sku, { lineNo: index + 1 }))
    await this.driver.pipe(topics.orders.commands, orderId, placeOrder({ orderId, lines, meta: { ...commandMeta, commandId: `place-${orderId}` }, ...change }))
  }

  async cancel (orderId: string): Promise<void> {
    const command: CancelOrder = { type: 'CancelOrder', meta: { ...commandMeta, commandId: `cancel-${orderId}` }, orderId, reason: 'changed my mind' }
    await this.driver.pipe(topics.orders.commands, orderId, command)
  }

  async amend (orderId: string, lines: ReadonlyArray<readonly [lineNo: number, quantity: number]>): Promise<void> {
    const meta = { ...commandMeta, commandId: `amend-${orderId}-${this.#next++}` }
    await this.driver.pipe(topics.orders.commands, orderId, {
      type: 'AmendOrder', meta, orderId, lines: lines.map(([lineNo, quantity]) => ({ lineNo, quantity }))
    })
  }

  async payAgain (orderId: string, token: string): Promise<void> {
    const meta = { ...commandMeta, commandId: `pay-${orderId}-${this.#next++}` }
    await this.driver.pipe(topics.orders.commands, orderId, { type: 'RetryPayment', meta, orderId, payment: { method: 'card', token } })
  }

  async restock (sku: string, quantity: number): Promise<void> {
    const meta = { ...commandMeta, commandId: `restock-${sku}-${this.#next++}` }
    await this.driver.pipe(topics.inventory.commands, sku, { type: 'Restock', meta, sku, quantity })
  }

  async view (orderId: string) { return await this.driver.store(ordersProcessor, viewStore).get(orderId) }
  async views () { return [...(await this.driver.store(ordersProcessor, viewStore).rows()).values()] }
  async saga (orderId: string) { return await this.driver.store(ordersProcessor, orderStore).get(orderId) }
  async stocks () { return [...(await this.driver.store(inventoryProcessor, stockStore).rows()).values()] }
  async reservations () { return [...(await this.driver.store(inventoryProcessor, reservationStore).rows()).values()] }
  async backOrders () { return [...(await this.driver.store(inventoryProcessor, backOrderStore).rows()).keys()] }
  async payments () { return [...(await this.driver.store('payments', paymentStore).rows()).values()] }
}

/** An order id by number. */
export function orderIdOf (index: number): string {
  return `0b8e3c1a-5d0e-4c0e-9c54-${index.toString(16).padStart(12, '0')}`
}
