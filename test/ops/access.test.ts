import { test } from 'tap'
import { catalogueTopics } from '../../ops/codegen/topic-catalogue.ts'
import { type Principal, principals, wantedGrants } from '../../ops/provision/access.ts'
import { type PaymentGateway, changelogOf, createTopology, topics } from '../../topology/index.ts'

const topology = createTopology({ payments: { gateway: {} as PaymentGateway } })
const grants = wantedGrants(topology)

/** Names of the topics that a user may read or write. */
function may (principal: Principal, operation: 'read' | 'write'): string[] {
  return grants.filter(grant => grant.principal === principal && grant.resource === 'topic' && grant.operations.includes(operation)).map(({ name }) => name).sort()
}

test('the API writes what the catalogue says that it writes, and nothing else', async t => {
  const told = catalogueTopics().filter(({ open }) => open !== undefined && /\bAPI\b|reconciler|operators \(JSON\)/.test(open.who)).map(({ name }) => name).sort()
  t.strictSame(may('api', 'write'), told)
})

test('processors read and write what their nodes do, and the sink reads what it stores', async t => {
  for (const { name, writtenBy, readBy } of catalogueTopics()) {
    if (writtenBy.length > 0) t.ok(may('processors', 'write').includes(name), `processors write ${name}`)
    if (readBy.some(node => node !== 'analytics')) t.ok([...may('processors', 'read'), ...may('sink', 'read')].includes(name), `somebody reads ${name}`)
  }
  t.ok(may('processors', 'write').includes(changelogOf('orders')))
  t.notOk(may('sink', 'write').includes(changelogOf('orders')), 'the sink does not touch the state of processors')
  t.notOk(may('sink', 'write').includes(topics.orders.events.name))
})

test('a service touches what its own nodes read and write, and the changelogs of no other', async t => {
  t.ok(may('inventory', 'write').includes(topics.inventory.events.name))
  t.notOk(may('inventory', 'write').includes(topics.orders.events.name))
  t.notOk(may('inventory', 'read').includes(changelogOf('orders')))
  t.notOk(may('analytics', 'write').includes(topics.orders.commands.name))
})

test('hashes of passwords are read by the processors alone', async t => {
  t.strictSame(principals.filter(name => may(name, 'read').includes(topics.identity.commands.name)), ['identity', 'processors'])
})

test('a foreign producer orders and reads what became of it', async t => {
  t.strictSame(may('producer', 'write'), [topics.orders.commands.name])
  t.strictSame(may('producer', 'read'), [topics.orders.events.name, topics.orders.rejections.name])
})

test('nobody is granted everything: no topic by prefix, none twice', async t => {
  t.notOk(grants.some(({ resource, isPrefix }) => resource === 'topic' && isPrefix))
  const keys = grants.map(({ principal, resource, name, operations }) => [principal, resource, name, operations.join()].join(' '))
  t.equal(new Set(keys).size, keys.length)
})
