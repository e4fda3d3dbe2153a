import { analyticsHandlers } from './analytics/handlers.ts'
import { type HandlerEntry, type OpenEntry, handler } from './handler-entry.ts'
import { bookedPayments } from './ledger/post-payment.ts'
import { topics } from './topics.ts'
import { webhookHandlers } from './webhooks/handler-entries.ts'

export { type HandlerEntry, type OpenEntry } from './handler-entry.ts'

const { orders, inventory, payments, shipping, compensations, risk, customers, catalog, imports, returns, ledger, notifications } = topics
const { privacy, audit } = topics
const dlq = { letters: { name: 'commerce.dlq' }, commands: { name: 'commerce.dlq.commands' }, events: { name: 'commerce.dlq.events' } }
const redrive = 'test/streams/runtime/redrive-keeps-identity-and-order.test.ts'
const notify = 'topology/notifications/request-notifications.ts'
const catalogOut = [catalog.events, catalog.state]
const catalogued = 'test/topology/catalog/process-catalog.test.ts'
const noticed = 'test/topology/notifications/request-notifications.test.ts'

/** Every event handler of the platform, by number. `docs/handlers.md` is made of it; a test holds it against the topology. */
export const handlerCatalogue: ReadonlyArray<HandlerEntry | OpenEntry> = [
  handler(1, 'InventoryReservationConfirmed', 'orders', ['LinesReserved', 'LinesConfirmed'], {
    in: [inventory.replies],
    out: [orders.events, orders.state, payments.commands],
    code: 'topology/orders/forward.ts',
    test: ['test/topology/orders/forward.test.ts', 'money is only taken when all stock is deducted: authorise, confirm, capture']
  }),
  handler(2, 'InventoryReservationFailed', 'orders', ['LinesRejected', 'LinesConfirmRejected', 'LinesExpired'], {
    in: [inventory.replies],
    out: [orders.events, orders.state, compensations.inventory],
    code: 'topology/orders/compensate.ts',
    test: ['test/topology/orders/compensate.test.ts', 'short stock releases every partition, answered or not, when one of three is short']
  }),
  handler(3, 'PaymentConfirmed', 'orders', ['PaymentAuthorized', 'PaymentSucceeded'], {
    in: [payments.events],
    out: [orders.events, orders.state, inventory.commands, shipping.commands],
    code: 'topology/orders/forward.ts',
    test: ['test/topology/orders/forward.test.ts', 'a confirmed order shows its money and stops its clock when the money is taken']
  }),
  handler(4, 'PaymentFailed', 'orders', ['PaymentFailed'], {
    in: [payments.events],
    out: [orders.events, orders.state, compensations.inventory, compensations.payment],
    code: 'topology/orders/compensate.ts',
    test: ['test/topology/orders/compensate.test.ts', 'a declined payment releases the stock and cancels the order when nothing is held']
  }),
  handler(5, 'OrderConfirmed', 'orders', ['PaymentSucceeded'], {
    in: [payments.events],
    out: [orders.events, shipping.commands, notifications.requests],
    code: 'topology/orders/forward.ts',
    test: ['test/topology/orders/forward.test.ts', 'a confirmed order is shipped with weight, value and stocked lines when the money is taken']
  }),
  handler(6, 'OrderCancelled', 'orders', ['CancelOrder', 'CompensateOrder'], {
    in: [orders.commands, orders.commandsTrusted, compensations.order],
    out: [orders.events, compensations.inventory, compensations.payment, compensations.shipment],
    code: 'topology/orders/compensate.ts',
    test: ['test/topology/orders/compensate.test.ts', 'a cancelled order waits for every answer when stock, money and shipment are given back']
  }),
  handler(7, 'InventoryReservationRequested', 'inventory', ['ReserveStock', 'ConfirmReservation', 'ExtendReservation'], {
    in: [inventory.commands],
    out: [inventory.events, inventory.replies],
    code: 'topology/inventory/decide-reservation.ts',
    test: ['test/topology/inventory/process-inventory.test.ts', 'inventory reserves, confirms and answers, with events by SKU and replies by order']
  }),
  handler(8, 'InventoryReservationReleased', 'inventory', ['ReleaseReservation', 'UnconfirmReservation'], {
    in: [compensations.inventory],
    out: [inventory.events, inventory.replies],
    code: 'topology/inventory/decide-reservation.ts',
    test: ['test/topology/inventory/process-inventory.test.ts', 'a release that overtakes its reservation leaves a fence that refuses it']
  }),
  handler(9, 'PaymentRequested', 'payments', ['AuthorizePayment', 'CapturePayment'], {
    in: [payments.commands],
    out: [payments.events],
    code: 'topology/payments/decide-payment.ts',
    test: ['test/topology/payments/process-payments.test.ts', 'payments authorise and capture through the gateway, with events by order']
  }),
  handler(10, 'PaymentRefundRequested', 'payments', ['RefundPayment', 'VoidPayment'], {
    in: [compensations.payment],
    out: [payments.events, orders.rejections],
    code: 'topology/payments/decide-payment.ts',
    test: ['test/topology/payments/process-payments.test.ts', 'a refund is tried for hours, alerts, and is paid in the end']
  }),
  handler(11, 'OrderConfirmed', 'shipping', ['CreateShipment'], {
    in: [shipping.commands],
    out: [shipping.events],
    code: 'topology/shipping/shipment.ts',
    test: ['test/topology/shipping/shipment.test.ts', 'CreateShipment creates a shipment with carrier, cost and tracking number when there is none']
  }),
  handler(12, 'OrderCancelled', 'shipping', ['CancelShipment'], {
    in: [compensations.shipment],
    out: [shipping.events],
    code: 'topology/shipping/shipment.ts',
    test: ['test/topology/shipping/shipment.test.ts', 'CancelShipment leaves a fence when it comes first: the late creation finds it']
  }),
  handler(13, 'OrderCreated', 'orders', ['PlaceOrder'], {
    in: [orders.commands, orders.commandsTrusted],
    out: [notifications.requests],
    code: notify,
    test: [noticed, 'a customer is told of order and payment when the order goes well']
  }),
  handler(14, 'OrderShipped', 'orders', ['ShipmentPickedUp'], {
    in: [shipping.events],
    out: [notifications.requests],
    code: notify,
    test: [noticed, 'a customer is told of the carrier when the order leaves, and again when it is there']
  }),
  handler(15, 'PaymentCompleted', 'orders', ['PaymentSucceeded'], {
    in: [payments.events], out: [notifications.requests], code: notify, test: [noticed, 'a customer is told of order and payment when the order goes well']
  }),
  handler(16, 'PaymentFailed', 'orders', ['PaymentFailed'], {
    in: [payments.events],
    out: [notifications.requests],
    code: notify,
    test: [noticed, 'a customer is told of the failed payment and of the end when the payment is declined']
  }),
  handler(17, 'OrderCancelled', 'orders', ['CancelOrder', 'CompensateOrder'], {
    in: [orders.commands, compensations.order],
    out: [notifications.requests],
    code: notify,
    test: [noticed, 'a customer is told of the refund when a paid order is cancelled']
  }),
  ...analyticsHandlers,
  handler(27, 'ReservationExpired', 'inventory', ['timer'], {
    in: [],
    out: [inventory.events, inventory.replies],
    code: 'topology/inventory/decide-reservation.ts',
    test: ['test/topology/inventory/process-inventory.test.ts', 'a reservation expires after 45 minutes, tells the order, and refuses the late confirmation']
  }),
  handler(28, 'StepTimeout', 'orders', ['timer'], {
    in: [],
    out: [orders.events, compensations.inventory],
    code: 'topology/orders/deadlines.ts',
    test: ['test/topology/orders/process-orders.test.ts', 'a silent step times out after 30 s when nobody answers, and is compensated again and again']
  }),
  handler(29, 'SagaTimeout', 'orders', ['timer'], {
    in: [],
    out: [orders.events, compensations.inventory],
    code: 'topology/orders/deadlines.ts',
    test: ['test/topology/orders/deadlines.test.ts', 'the saga times out after 30 minutes when the payment is deferred again and again']
  }),
  handler(30, 'CustomerActionTimeout', 'orders', ['timer'], {
    in: [],
    out: [orders.events, compensations.inventory],
    code: 'topology/orders/deadlines.ts',
    test: ['test/topology/customer-action.test.ts', 'an order that nobody amends times out after a day, and takes nothing with it']
  }),
  handler(31, 'DeliverySlaMissed', 'shipping', ['timer'], {
    in: [],
    out: [shipping.events],
    code: 'topology/shipping/wake-shipments.ts',
    test: ['test/topology/shipping/process-shipping.test.ts', 'a shipment that is not delivered by its promise is told to be late, once']
  }),
  handler(32, 'RiskCheck', 'risk', ['AssessOrder'], {
    in: [risk.commands],
    out: [risk.decisions],
    code: 'topology/risk/assess-order.ts',
    test: ['test/topology/risk-gate.test.ts', 'an order over the activity limit waits for a person, and is confirmed when it is approved']
  }),
  handler(33, 'CreditLimit', 'risk', ['SetCreditLimit', 'AssessOrder'], {
    in: [customers.commands, risk.commands],
    out: [risk.decisions, orders.rejections],
    code: 'topology/risk/rules.ts',
    test: ['test/topology/risk-gate.test.ts', 'an order over the credit limit is cancelled, and gives its stock back before any money is asked for']
  }),
  handler(34, 'MaintenanceMode', 'risk', ['AssessOrder'], {
    in: [risk.commands],
    out: [risk.decisions],
    code: 'topology/risk/rules.ts',
    test: ['test/topology/risk-gate.test.ts', 'no order of the storefront is taken during maintenance, and the next one is when it is over']
  }),
  handler(35, 'ReturnRequested', 'orders', ['RequestReturn', 'ApproveReturn', 'timer'], {
    in: [orders.commands, orders.commandsTrusted],
    out: [orders.events, returns.events],
    code: 'topology/returns/decide-return.ts',
    test: ['test/topology/orders/take-back.test.ts', 'a return goes from request to refund when the goods come back']
  }),
  handler(36, 'ReturnReceived', 'orders', ['ReceiveReturn'], {
    in: [orders.commands, orders.commandsTrusted],
    out: [orders.events, returns.events, inventory.commands, compensations.payment],
    code: 'topology/orders/take-back.ts',
    test: ['test/topology/orders/take-back.test.ts', 'only what really arrived is refunded and put back when less comes than was announced']
  }),
  handler(37, 'RefundIssued', 'orders', ['PaymentPartiallyRefunded', 'PaymentRefunded'], {
    in: [payments.events],
    out: [returns.events],
    code: 'topology/orders/refunds.ts',
    test: ['test/topology/orders/take-back.test.ts', 'a refund is asked for again, ever more slowly, when the provider does not answer']
  }),
  handler(38, 'CreditNoteMatched', 'imports', ['ImportedInvoice', 'ImportedOrderSettled'], {
    in: [imports.invoices, imports.orderOutcomes],
    out: [returns.events, compensations.payment, inventory.commands],
    code: 'topology/imports/decide-credit.ts',
    test: ['test/topology/imports/process-imports.test.ts', 'a credit note is decided at once when every earlier order is settled, and is told by its newest order']
  }),
  handler(39, 'PartialShipment', 'shipping', ['CreateShipment'], {
    in: [shipping.commands],
    out: [shipping.events],
    code: 'topology/shipping/make-parcel.ts',
    test: ['test/topology/shipping/shipment.test.ts', 'a part that is handed over is picked up at once, under the promise of the order and at no further cost']
  }),
  handler(40, 'DeliveryFailed', 'shipping', ['RecordDeliveryAttempt'], {
    in: [shipping.commands],
    out: [shipping.events, orders.rejections],
    code: 'topology/shipping/tell-news.ts',
    test: ['test/topology/shipping/tell-news.test.ts', 'three attempts in vain are numbered, the third is the last, and then the shipment comes back']
  }),
  handler(41, 'TrackingUpdated', 'shipping', ['RecordTracking', 'ConfirmDelivery'], {
    in: [shipping.commands],
    out: [shipping.events, orders.rejections],
    code: 'topology/shipping/tell-news.ts',
    test: ['test/topology/shipping/tell-news.test.ts', 'tracking that comes out of order is a counted repeat, kept in the history where it belongs']
  }),
  handler(42, 'LowStockDetected', 'inventory', ['ReserveStock'], {
    in: [inventory.commands],
    out: [inventory.events],
    code: 'topology/inventory/stock.ts',
    test: ['test/topology/inventory/stock.test.ts', 'low stock is told once, at the crossing of the reorder level']
  }),
  handler(43, 'Restocked', 'inventory', ['Restock'], {
    in: [inventory.commands],
    out: [inventory.events],
    code: 'topology/inventory/decide-stock.ts',
    test: ['test/topology/inventory/stock.test.ts', 'a delivery adds to the stock on hand']
  }),
  handler(44, 'BackOrderFilled', 'inventory', ['timer'], {
    in: [],
    out: [inventory.events, inventory.replies],
    code: 'topology/inventory/back-orders.ts',
    test: ['test/topology/customer-action.test.ts', 'a back-order is confirmed when its stock is delivered, and takes nothing before']
  }),
  handler(45, 'PriceChanged', 'catalog', ['ChangePrice'], {
    in: [catalog.commands], out: catalogOut, code: 'topology/catalog/product.ts', test: [catalogued, 'the catalog tells events and the newest state of a product, each once']
  }),
  handler(46, 'ProductPublished', 'catalog', ['PublishProduct', 'UnpublishProduct', 'ArchiveProduct'], {
    in: [catalog.commands], out: catalogOut, code: 'topology/catalog/product-status.ts', test: [catalogued, 'a product is offered, taken off sale and archived, told each time once when each command comes twice']
  }),
  handler(47, 'InventoryUpdated', 'catalog', ['AvailabilityChanged'], {
    in: [inventory.availability], out: catalogOut, code: 'topology/catalog/process-catalog.ts', test: [catalogued, 'a product shows the availability that inventory told before it was created, and after']
  }),
  handler(48, 'OrderDelivered', 'orders', ['ShipmentDelivered'], {
    in: [shipping.events],
    out: [notifications.requests],
    code: notify,
    test: [noticed, 'a customer is told of the carrier when the order leaves, and again when it is there']
  }),
  handler(49, 'RefundIssued', 'orders', ['PaymentPartiallyRefunded', 'PaymentRefunded'], {
    in: [payments.events],
    out: [notifications.requests],
    code: notify,
    test: [noticed, 'a customer is told of the refund of each return when it is paid, and of none that paid nothing']
  }),
  handler(50, 'LowStock', 'inventory', ['ReserveStock', 'AdjustStock'], {
    in: [inventory.commands],
    out: [notifications.requests],
    code: notify,
    test: [noticed, 'who looks after the stock is told once when it comes down to the reorder level']
  }),
  ...webhookHandlers,
  handler(54, 'DeadLetterParked', 'runtime', [], {
    in: [],
    out: [dlq.letters, dlq.events],
    code: 'streams/parking/parked-keys.ts',
    test: ['test/integration/parked-keys.test.ts', 'a parked key outlives kill -9 and FLUSHALL on a real broker, and a mended release handles it in order']
  }),
  handler(55, 'Redriven', 'runtime', [], {
    in: [dlq.commands], out: [dlq.events], code: 'streams/runtime/operator.ts', test: [redrive, 'a redrive handles the dead record first and then what waits, in order']
  }),
  handler(56, 'Discarded', 'runtime', [], {
    in: [dlq.commands], out: [dlq.events], code: 'streams/runtime/operator.ts', test: [redrive, 'a discard drops the dead record, and what waited behind it is handled']
  }),
  handler(57, 'SubjectErased', 'privacy', ['EraseSubject'], {
    in: [privacy.commands],
    out: [privacy.keys, audit.admin, topics.identity.commands],
    code: 'topology/privacy/erasure.ts',
    test: ['test/topology/privacy/process-privacy.test.ts', 'a person is erased: the key is destroyed, the account deleted, and the proof told in the audit and to every process']
  }),
  handler(58, 'LedgerPosted', 'ledger', [...bookedPayments, 'CreditNoteMatched', 'CreditNoteUnmatched', 'CreditedOrderWithdrawn'], {
    in: [payments.events, returns.events],
    out: [ledger.entries],
    code: 'topology/ledger/post-payment.ts',
    test: ['test/topology/ledger/process-ledger.test.ts', 'the ledger books every event once, by order, when some come again and the process restarts']
  })
]
