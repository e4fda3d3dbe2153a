import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { knownMethods } from './known-methods.ts'
import { isStreamsError } from '../../../streams/errors.ts'
import { ApiError, type ApiErrorCode, type FieldError, apiErrors, problemCode, problemType } from '../../errors.ts'

/** Codes of the framework that are the client's doing, of personal data and of its keys, and what we call them. */
const frameworkCodes: Readonly<Record<string, ApiErrorCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'API_MEDIA_TYPE_UNSUPPORTED',
  FST_ERR_CTP_BODY_TOO_LARGE: 'API_BODY_TOO_LARGE',
  FST_ERR_RATE_LIMITED: 'API_RATE_LIMITED',
  FST_UNDER_PRESSURE: 'API_OVERLOADED',
  FST_ERR_HANDLER_TIMEOUT: 'API_TOO_SLOW',
  PERSON_ERASED: 'API_PERSON_ERASED',
  KEYS_UNAVAILABLE: 'API_KEYS_UNAVAILABLE'
}

/** Answers every error as problem details (RFC 9457). What is our fault is logged and not told. */
export const problemsPlugin = fp(async function problems (app: FastifyInstance) {
  const methods = knownMethods(app)
  const sendMissing = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const allowed = methods.of(request.url)
    if (allowed.length === 0) return sendProblem(unknownPath(request), request, reply)
    return sendProblem(new ApiError('API_METHOD_NOT_ALLOWED', `it knows ${allowed.join(', ')}`), request, reply.header('allow', allowed.join(', ')))
  }
  app.addHook('onRequest', (request, reply, done) => {
    if (methods.isAstray(request)) sendMissing(request, reply)
    else done()
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // What is wrong with the body of a request that leads nowhere helps nobody.
    if (request.is404 && !(error instanceof ApiError)) return sendMissing(request, reply)
    return sendProblem(translate(error), request, reply)
  })
  app.setNotFoundHandler({ preHandler: (request, reply, done) => { limitNotFound(app, request, reply, done) } }, sendMissing)
}, { name: 'problems' })

/** Versions that are served. */
const versions: readonly string[] = ['v1']

function unknownPath ({ url }: FastifyRequest): ApiError {
  const version = /^\/(v\d+)(?:[/?]|$)/.exec(url)?.[1]
  if (version === undefined || versions.includes(version)) return new ApiError('API_NOT_FOUND')
  return new ApiError('API_VERSION_UNKNOWN', `there is ${versions.join(', ')}`)
}

/** Guessing paths counts against the limit of the address like any request. */
function limitNotFound (app: FastifyInstance, request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
  if (!app.hasDecorator('rateLimit')) return done()
  const limit = app.rateLimit() as (request: FastifyRequest, reply: FastifyReply) => Promise<void>
  limit.call(app, request, reply).then(() => done(), done)
}

/** The problem that an error is to a client. Anything unknown is ours: 500, without its message. */
export function translate (error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (isStreamsError(error)) {
    if (error.code === 'STR_BROKER_UNAVAILABLE' || error.code === 'STR_REGISTRY_UNAVAILABLE') return new ApiError('API_INTAKE_UNAVAILABLE', undefined, {}, error)
    if (error.code.startsWith('STR_STATE_')) return new ApiError('API_STATE_UNAVAILABLE', undefined, {}, error)
    return new ApiError('API_INTERNAL', undefined, {}, error)
  }
  const { code, statusCode, validation, validationContext, message } = error as Partial<FastifyError>
  if (validation !== undefined) {
    const errors = fieldErrors(validation as unknown as readonly ValidationEntry[])
    if (validationContext === 'body') return new ApiError('API_REQUEST_INVALID', undefined, { errors })
    if (errors[0]?.field === '/idempotency-key') return new ApiError('API_IDEMPOTENCY_KEY_MISSING', 'it has 1 to 255 visible ASCII characters')
    if (errors[0]?.field === '/if-match' && errors[0].message === isRequired) return new ApiError('API_VERSION_REQUIRED')
    return new ApiError('API_REQUEST_MALFORMED', `${validationContext}${errors[0]?.field ?? ''} ${errors[0]?.message ?? ''}`)
  }
  const known = frameworkCodes[code ?? '']
  if (known !== undefined) return new ApiError(known, undefined, {}, error)
  if (statusCode === 400 || error instanceof SyntaxError) return new ApiError('API_REQUEST_MALFORMED', statusCode === 400 ? message : undefined, {}, error)
  return new ApiError('API_INTERNAL', undefined, {}, error)
}

interface ValidationEntry {
  readonly keyword: string
  readonly instancePath: string
  readonly message?: string
  readonly params: Readonly<Record<string, unknown>>
}

const maxFieldErrors = 20

const isRequired = 'is required'

/** Rules whose error stands at the object and names its fields in a list. */
const namedFields: Readonly<Record<string, { readonly list: string, readonly message: string }>> = {
  additionalProperties: { list: 'additionalProperties', message: 'is not known' },
  required: { list: 'requiredProperties', message: isRequired }
}

/** Rules about members that exclude each other, in words of their own: the validator speaks of schemas. */
const exclusions: Readonly<Record<string, string>> = {
  oneOf: 'has none, or more than one, of the members of which exactly one is asked for', not: 'has members that exclude each other'
}

function fieldErrors (entries: readonly ValidationEntry[]): readonly FieldError[] {
  return entries.flatMap(({ keyword, instancePath, message, params }) => {
    // Said by the rule that it is about, which stands beside it.
    if (keyword === 'boolean' || keyword === 'propertyNames') return []
    const named = namedFields[keyword]
    if (named !== undefined) return (params[named.list] as readonly string[]).map(name => ({ field: pointer(instancePath, name), message: named.message }))
    return [{ field: instancePath, message: exclusions[keyword] ?? message ?? 'is not valid' }]
  }).slice(0, maxFieldErrors)
}

/** @source RFC 6901 */
function pointer (parent: string, name: string): string {
  return `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** Answers with a problem. What is our fault is logged, but for requests that are turned away because there are too many. */
export function sendProblem (problem: ApiError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { body, retryAfterS } = problemBody(problem, request.id)
  const { status, code } = body
  // A line for each of thousands that are turned away would cost more than turning them away: those are counted by the metrics.
  if (status >= 500) request.log[problem.code === 'API_OVERLOADED' ? 'debug' : 'error']({ err: problem.cause ?? problem, code }, 'request failed')
  if (retryAfterS !== undefined && !reply.hasHeader('retry-after')) reply.header('retry-after', retryAfterS)
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  return reply.code(status).type('application/problem+json').serializer(JSON.stringify).send(body)
}

/** Problem details of an error, and after how many seconds a repeat makes sense. What is our fault is not told. */
export function problemBody (problem: ApiError, traceId: string) {
  const entry: { readonly status: number, readonly title: string, readonly retryAfterS?: number } = apiErrors[problem.code]
  const { status, title, retryAfterS } = entry
  const code = problemCode(problem.code)
  const detail = status === 500 ? undefined : problem.detail
  return {
    body: { type: problemType(problem.code), title, status, code, ...(detail === undefined ? {} : { detail }), traceId, ...problem.extras },
    retryAfterS
  }
}
