import { type HandlerEntry, handler } from '../handler-entry.ts'
import { topics } from '../topics.ts'

const { orders, payments, inventory, behaviour, analytics } = topics
const out = [analytics.facts]
const code = {
  orders: 'topology/analytics/count-order.ts',
  payments: 'topology/analytics/count-payment.ts',
  products: 'topology/analytics/count-product.ts',
  stock: 'topology/analytics/count-stock.ts'
} as const
const orderTest = 'test/topology/analytics/count-order.test.ts'
const paymentTest = 'test/topology/analytics/count-payment.test.ts'
const productTest = 'test/topology/analytics/count-product.test.ts'
const stockTest = 'test/topology/analytics/count-stock.test.ts'
const processTest = 'test/topology/analytics/process-analytics.test.ts'

/** Handlers 18 to 26 of the catalogue: what is counted. */
export const analyticsHandlers: readonly HandlerEntry[] = [
  handler(18, 'OrderCreated', 'analytics', ['OrderCreated'], {
    in: [orders.events], out, code: code.orders, test: [orderTest, 'an accepted order is pending, on its own day']
  }),
  handler(19, 'OrderConfirmed', 'analytics', ['OrderConfirmed', 'OrderDelivered'], {
    in: [orders.events], out, code: code.orders, test: [orderTest, 'a confirmed order is a sale, with its lines, its pieces and its total']
  }),
  handler(20, 'OrderCancelled', 'analytics', ['OrderCancelled', 'OrderFailed', 'OrderTimedOut'], {
    in: [orders.events], out, code: code.orders, test: [orderTest, 'an order that ends is counted there, and no longer where it was']
  }),
  handler(21, 'PaymentCompleted', 'analytics', ['PaymentCreated', 'PaymentSucceeded', 'PaymentFailed'], {
    in: [payments.events], out, code: code.payments, test: [paymentTest, 'money that is taken counts by the method that it was opened with']
  }),
  handler(22, 'PaymentRefunded', 'analytics', ['PaymentPartiallyRefunded', 'PaymentRefunded'], {
    in: [payments.events], out, code: code.payments, test: [paymentTest, 'money that goes back counts against the revenue of the day of its order']
  }),
  handler(23, 'ProductViewed', 'analytics', ['ProductViewed'], {
    in: [behaviour.events], out, code: code.products, test: [productTest, 'a view and an addition to a cart count for their product, on the day on which they happened']
  }),
  handler(24, 'ProductAddedToCart', 'analytics', ['ProductAddedToCart'], {
    in: [behaviour.events], out, code: code.products, test: [processTest, 'visits are counted once when all of them come again, before and after a restart']
  }),
  handler(25, 'ProductPurchased', 'analytics', ['ProductPurchased'], {
    in: [behaviour.events], out, code: code.products, test: [productTest, 'an order is bought once with each of its products, however many lines they stand in']
  }),
  handler(26, 'StockAdjusted', 'analytics', ['SkuRegistered', 'StockAdjusted'], {
    in: [inventory.events], out, code: code.stock, test: [stockTest, 'a correction counts what came in or was written off, and the level that it leads to']
  })
]
