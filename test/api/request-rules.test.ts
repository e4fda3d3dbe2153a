import fc from 'fast-check'
import { test } from 'tap'
import { describeApi } from '../../api/index.ts'
import { positionPattern, positionToken } from '../../api/position.ts'
import { languageTag } from '../../api/schemas/notification.ts'
import { isLocale } from '../../topology/notifications/reader.ts'
import { eventGroups, eventNames } from '../../topology/webhooks/public-events.ts'
import { buildApi } from '../support/build-app.ts'
import { orderBody } from './order-fixtures.ts'

interface Schema { readonly properties: Readonly<Record<string, Schema & { readonly items: Schema }>>, readonly [name: string]: unknown }
interface Parameter { readonly name: string, readonly required: boolean, readonly schema: Schema }
interface Operation {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: { readonly 'application/json'?: { readonly schema: Schema } } }
}

const { paths } = await describeApi() as { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }
const operations = new Map(Object.values(paths).flatMap(methods => Object.values(methods).map(operation => [operation.operationId, operation] as const)))
const bodyOf = (operationId: string): Schema => operations.get(operationId)?.requestBody?.content['application/json']?.schema as Schema

test('an order is of a customer or of a guest, and the description says so', async t => {
  t.same(bodyOf('placeOrder')['not'], { required: ['customerId', 'guestEmail'] })
  const api = await buildApi(t)
  const answer = await api.app.inject({
    method: 'POST',
    url: '/v1/orders',
    headers: { authorization: `Bearer ${await api.token('Admin', 'root')}`, 'idempotency-key': 'k' },
    payload: { ...orderBody, customerId: 'c', guestEmail: 'g@example.com' }
  })
  t.match(answer.json(), { status: 422, code: 'request-invalid', errors: [{ field: '', message: 'has members that exclude each other' }] })
  t.same(api.commands(), [])
})

test('exactly one person is erased, and the description says so', async t => {
  t.same(bodyOf('erasePerson')['oneOf'], [{ required: ['customerId'] }, { required: ['orderId'] }])
  const api = await buildApi(t)
  const erase = async (payload: object) => await api.app.inject({
    method: 'POST', url: '/v1/admin/privacy/erase', headers: { authorization: `Bearer ${await api.token('Admin', 'root')}` }, payload
  })
  const both = await erase({ customerId: 'c', orderId: '0198c0de-0000-8000-8000-000000000001', reason: 'asked for' })
  t.match(both.json(), { status: 422, errors: [{ field: '', message: /exactly one/ }] })
  t.match((await erase({ reason: 'asked for' })).json(), { status: 422, errors: [{ field: '/customerId' }, { field: '/orderId' }, { field: '', message: /exactly one/ }] })
})

test('the names of free members are described where they are checked', async t => {
  const named = {
    assignMyExperiments: bodyOf('assignMyExperiments').properties['attributes'],
    assignExperiments: bodyOf('assignExperiments').properties['attributes'],
    sendNotification: bodyOf('sendNotification').properties['variables'],
    previewTemplate: bodyOf('previewTemplate').properties['variables'],
    changeFlag: bodyOf('changeFlag').properties['weights']
  }
  for (const [operation, schema] of Object.entries(named)) t.type((schema?.['propertyNames'] as Schema | undefined)?.['pattern'], 'string', operation)
  const api = await buildApi(t)
  const refused = await api.app.inject({
    method: 'PATCH', url: '/v1/admin/flags/button', headers: { authorization: `Bearer ${await api.token('Admin', 'root')}` }, payload: { reason: 'x', weights: { 'a/b': 1 } }
  })
  t.match(refused.json(), { status: 422, errors: [{ field: '/weights/a~1b', message: /must match pattern/ }] })
})

test('a field is named by a JSON pointer when its name has a slash or a tilde', async t => {
  const api = await buildApi(t)
  const answer = await api.app.inject({
    method: 'PUT',
    url: '/v1/admin/flags/button',
    headers: { authorization: `Bearer ${await api.token('Admin', 'root')}` },
    payload: { enabled: true, '/variants': 1, 'a~b': 2 }
  })
  t.match(answer.json(), { status: 422, errors: [{ field: '/~1variants', message: 'is not known' }, { field: '/a~0b', message: 'is not known' }] })
})

test('a correction of stock is described as one that names a version', async t => {
  const match = operations.get('adjustStock')?.parameters?.find(({ name }) => name === 'if-match')
  t.match(match, { required: true })
})

test('a position token is described wherever one is taken, and nothing else is', async t => {
  const tokens = [...operations.values()].flatMap(({ operationId, parameters = [] }) => parameters.filter(({ name }) => name === 'position').map(({ schema }) => ({ operationId, schema })))
  t.ok(tokens.length >= 11)
  for (const { operationId, schema } of tokens) t.equal(schema['pattern'], positionPattern, operationId)
  t.match(positionToken({ topic: 'commerce.orders.commands', partition: 7, offset: 12n }), new RegExp(positionPattern))
  const api = await buildApi(t)
  const headers = { authorization: `Bearer ${await api.token('Admin', 'root')}` }
  const broken = await api.app.inject({ url: '/v1/products?position=%00%F0%AB%98%84', headers })
  t.match(broken.json(), { status: 400, code: 'request-malformed', detail: /querystring\/position/ })
  t.match((await api.app.inject({ url: '/v1/products?position=bm90aGluZw', headers })).json(), { status: 400, code: 'position-invalid' })
})

test('every event that can be subscribed to stands in the description', async t => {
  for (const operation of ['subscribeWebhook', 'changeWebhook']) {
    t.same(bodyOf(operation).properties['eventTypes']?.items['enum'], [...eventNames, ...eventGroups], operation)
  }
})

test('a language tag that the description allows is one', t => {
  const pattern = new RegExp(languageTag)
  t.doesNotThrow(() => { fc.assert(fc.property(fc.stringMatching(pattern), isLocale), { numRuns: 2_000 }) })
  for (const tag of ['en', 'de-DE', 'zh-Hant-TW', 'es-419', 'ca-ES-valencia', 'de-1996']) t.match(tag, pattern)
  for (const tag of ['', '-', 'e', 'engl', 'en_GB', 'en-', 'en-GB-GB', 'en--GB']) t.notMatch(tag, pattern)
  t.same(bodyOf('setMyPreferences').properties['locale']?.['anyOf'], [{ type: 'string', pattern: languageTag, description: 'Language, BCP 47: language, script, region and a variant.' }, { type: 'null' }])
  t.end()
})
