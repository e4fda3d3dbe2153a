export { type TopologyOptions, createTopology, topologyVersion } from './create-topology.ts'
export * from './topics.ts'
export { applicationId, bindCodec, changelogOf, commerceSerde, isCommerceSerde, stateSerde } from './codec.ts'
export { bodyHash, causeOf, commandId, commandIdOf, defaultTenant, topicCommandId, uuidOfCommand } from './envelope.ts'
export { formatMoney, isCurrency, isMoney, maxMoney, moneyScale, multiplyMoney, parseMoney, sumMoney } from './money.ts'
export { type KeyProvider, type PersonalData, createDevelopmentKeys, decryptPersonal, encryptPersonal } from './personal.ts'

export { catalogTable, orderStore, ordersName, ordersProcessor, viewStore } from './orders/process-orders.ts'
export { type Order, evolve, outcomeEvents } from './orders/order.ts'
export { listTransitions, nextState, orderStates, whyIllegal } from './orders/states.ts'
export { listReactions, orderPhases } from './orders/phases.ts'
export { type PricedOrder, type Rejection, type RejectionCode, maxLines, priceOrder, rejectionCodes } from './orders/price-order.ts'

export { inventoryName, inventoryProcessor, processedStore, reservationStore, stockStore } from './inventory/process-inventory.ts'
export { routeInventory } from './inventory/routing.ts'

export { paymentsName } from './payments/gateway-effect.ts'
export { createPaymentsProcessor, paymentStore } from './payments/process-payments.ts'
export { type GatewayAnswer, type PaymentGateway } from './payments/gateway.ts'
export { type GuardOptions, type GuardedGateway, guardGateway } from './payments/guarded-gateway.ts'
export { createHttpGateway } from './payments/http-gateway.ts'

export { shipmentStore, shippingName, shippingProcessor } from './shipping/process-shipping.ts'
export { type Notice, notices, notificationsFor } from './notifications/request-notifications.ts'
