import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { test } from 'tap'
import { describeApi } from '../../api/index.ts'

interface Media { readonly schema: object, readonly example?: unknown, readonly examples?: Readonly<Record<string, { readonly value: unknown }>> }
interface Response { readonly description: string, readonly headers?: Readonly<Record<string, unknown>>, readonly content?: Readonly<Record<string, Media>> }
interface Parameter { readonly in: string, readonly name: string, readonly description?: string, readonly schema: object }
interface Operation {
  readonly operationId?: string
  readonly summary?: string
  readonly tags?: readonly string[]
  readonly security?: readonly object[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> }
  readonly responses: Readonly<Record<string, Response>>
  readonly 'x-permission'?: string
}
interface Document { readonly tags: ReadonlyArray<{ readonly name: string }>, readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> }

const document = await describeApi() as Document
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation })))
/** Health checks are not counted, ask for nothing, and turn nobody away. */
const limited = operations.filter(({ path }) => !path.startsWith('/health/'))

/** The statuses of its problems that follow from what an operation is. */
/** Each line of such a body is judged alone, and told so in the answer. */
const isByLines = ({ content = {} }: NonNullable<Operation['requestBody']>): boolean => Object.keys(content).join() === 'application/x-ndjson'

function dueProblems ({ 'x-permission': permission, parameters = [], requestBody }: Operation): readonly string[] {
  return [
    '429', '503',
    ...permission === 'public' ? [] : permission === 'self' ? ['401'] : ['401', '403'],
    ...requestBody === undefined ? [] : isByLines(requestBody) ? ['400', '415'] : ['400', '413', '415', '422'],
    ...parameters.some(({ in: place }) => place !== 'header') ? ['400'] : []
  ]
}

test('every operation has an id of its own, a summary and tags that are described', async t => {
  const ids = operations.map(({ operation }) => operation.operationId)
  t.equal(new Set(ids).size, ids.length, 'no id is there twice')
  const tags = new Set(document.tags.map(({ name }) => name))
  for (const { name, operation } of operations) {
    t.match(operation.operationId, /^[a-z][A-Za-z]+$/, name)
    t.match(operation.summary, /^[A-Z].*[^.]$/, name)
    t.ok(operation.tags !== undefined && operation.tags.length > 0 && operation.tags.every(tag => tags.has(tag)), `${name}: ${String(operation.tags)}`)
  }
})

test('every operation says which problems it answers with', async t => {
  for (const { name, operation } of limited) {
    const missing = dueProblems(operation).filter(status => operation.responses[status]?.content?.['application/problem+json'] === undefined)
    t.same(missing, [], name)
    const wrong = Object.entries(operation.responses).filter(([status, { content = {} }]) => Number(status) >= 400 && Object.keys(content).join() !== 'application/problem+json')
    t.same(wrong.map(([status]) => status), [], `${name}: every problem is problem+json`)
    t.ok(Object.keys(operation.responses).some(status => status.startsWith('2')), `${name}: it can succeed`)
  }
})

test('an operation says when it may be asked again, and how to prove who one is', async t => {
  for (const { name, operation } of limited) {
    for (const status of ['429', '503']) t.ok(operation.responses[status]?.headers?.['retry-after'], `${name}: Retry-After of ${status}`)
    if (operation['x-permission'] === 'public') t.same(operation.security, [], `${name} asks for no token`)
    else t.ok(operation.responses['401']?.headers?.['www-authenticate'], `${name}: WWW-Authenticate`)
  }
})

test('every parameter of a path is declared and everything that can be sent is described', async t => {
  for (const { name, path, operation: { parameters = [], requestBody } } of operations) {
    t.same(parameters.filter(parameter => parameter.in === 'path').map(parameter => parameter.name), [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1]), name)
    t.same(parameters.filter(({ description }) => description === undefined).map(parameter => parameter.name), [], `${name}: parameters`)
    const schemas = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema as { readonly description?: string })
    t.ok(schemas.every(({ description }) => description !== undefined), `${name}: body`)
  }
})

test('every body has an example, and every example is one that its schema allows', async t => {
  // What TypeBox or OpenAPI add to JSON Schema constrains nothing.
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  for (const { name, operation: { requestBody, responses } } of operations) {
    const bodies = Object.entries(requestBody?.content ?? {})
    for (const [type, media] of bodies) t.ok(examplesOf(media).length > 0, `${name} ${type}: an example`)
    const answers = Object.values(responses).flatMap(({ content = {} }) => Object.entries(content))
    for (const [type, media] of [...bodies, ...answers]) {
      for (const example of examplesOf(media)) t.ok(ajv.validate(media.schema, example), `${name} ${type}: ${ajv.errorsText()}`)
    }
  }
})

function examplesOf ({ example, examples = {} }: Media): readonly unknown[] {
  return [...example === undefined ? [] : [example], ...Object.values(examples).map(({ value }) => value)]
}
