import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'tap'
import { type ProcessorDef } from '#streams'
import { createTopology, type TopologyOptions } from '../../topology/create-topology.ts'
import { handlerCatalogue, type HandlerEntry } from '../../topology/handler-catalogue.ts'

const root = resolve(import.meta.dirname, '../..')
const built = handlerCatalogue.filter((entry): entry is HandlerEntry => !('isOpen' in entry))
const processors = new Map(createTopology({ payments: {} as TopologyOptions['payments'] }).nodes
  .filter((node): node is ProcessorDef => node.kind === 'processor').map(node => [node.name, node]))

test('the catalogue numbers every handler once', t => {
  t.same(handlerCatalogue.map(({ no }) => no), Array.from({ length: 58 }, (_, index) => index + 1))
  t.end()
})

test('what the catalogue says of a handler is what its processor declares', t => {
  for (const { no, name, node, on, in: inputs, out } of built) {
    if (node === 'runtime') continue
    const processor = processors.get(node)
    if (processor === undefined) {
      t.fail(`${no} ${name}: no processor ${node}`)
      continue
    }
    for (const type of on) t.ok(type === 'timer' ? processor.onTimer !== undefined : type in processor.handlers, `${no} ${name}: ${node} handles ${type}`)
    for (const topic of inputs) t.ok(processor.inputs.some(input => input.topic.name === topic), `${no} ${name}: ${node} reads ${topic}`)
    for (const topic of out) t.ok(processor.outputs.some(output => output.name === topic), `${no} ${name}: ${node} writes ${topic}`)
  }
  t.end()
})

test('every record type that a processor handles is in the catalogue, or is known to be no event handler', t => {
  const others: Readonly<Record<string, readonly string[]>> = {
    orders: [
      'LinesBackOrdered', 'AmendOrder', 'RetryPayment', 'LinesUnconfirmed', 'LinesReleased', 'PaymentDeferred', 'PaymentVoided', 'RefundFailed', 'ShipOrder',
      'ReviewDecision', 'RiskApproved', 'RiskReviewRequired', 'RiskRejected',
      'ShipmentCreated', 'ShipmentCancelled', 'ShipmentRefused', 'ShipmentInTransit', 'ShipmentOutForDelivery', 'ShipmentDeliveryFailed', 'ShipmentReturned',
      'ShipmentTrackingUpdated', 'ShipmentDelayed'
    ],
    inventory: ['RegisterSku', 'AdjustStock', 'HoldStock', 'ReleaseHold'],
    payments: ['PaymentCallback'],
    catalog: ['CreateProduct', 'UpdateProduct', 'CreateCategory', 'RenameCategory', 'MoveCategory', 'ArchiveCategory'],
    risk: ['ReleaseExposure'],
    // What an owner asks of his subscriptions, and what ends them.
    webhooks: [
      'SubscribeWebhook', 'ChangeWebhook', 'RotateWebhookSecret', 'RemoveWebhook', 'PingWebhook', 'ResendWebhook', 'RoleRevoked', 'UserDeleted'
    ],
    // Those who ask are in the catalogue; what a reader wants, and what providers tell.
    notifications: [
      'NotificationRequested', 'CancelNotification', 'MarkNotificationsRead', 'NotificationReceipt', 'SetNotificationPreferences', 'UserRegistered', 'UserDeleted'
    ],
    // What it tells is handled by analytics.
    behaviour: ['RecordProductViewed', 'RecordProductAddedToCart', 'RecordCheckoutStarted', 'RecordExposure', 'OrderConfirmed']
  }
  for (const [node, { handlers }] of processors) {
    // Audits have rows of their own, identity has none: it handles commands only.
    if (node.startsWith('audit-') || node === 'identity') continue
    const listed = new Set([...built.filter(entry => entry.node === node).flatMap(({ on }) => on), ...others[node] ?? []])
    t.same(Object.keys(handlers).filter(type => !listed.has(type)), [], node)
  }
  t.end()
})

test('code and test of every handler are there', t => {
  for (const { no, name, code, test: [file, title] } of built) {
    t.ok(existsSync(resolve(root, code)), `${no} ${name}: ${code}`)
    const source = existsSync(resolve(root, file)) ? readFileSync(resolve(root, file), 'utf8') : ''
    t.ok(source.split('\n').some(line => /^\s*(?:t\.)?test\(/.test(line) && line.includes(title)), `${no} ${name}: ${file}: ${title}`)
  }
  t.end()
})
