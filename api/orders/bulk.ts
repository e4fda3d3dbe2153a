import { type TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { type Static } from 'typebox'
import { positionToken } from '../position.ts'
import { ApiError } from '../errors.ts'
import { problemBody, translate } from '../plugins/app/problems.ts'
import { type Services } from '../plugins/app/services.ts'
import { type BulkResult } from '../schemas/bulk.ts'
import { type PlaceOrderBody } from '../schemas/order.ts'
import { type Sender, acceptOrder } from './accept.ts'
import { bulkIdentity, checkOrder } from './command.ts'
import { type InputLine, parseLine } from './ndjson.ts'

export type LineResult = Static<typeof BulkResult>

export interface BulkRequest extends Sender {
  readonly idempotencyKey: string
  /** The compiled schema of an order. */
  readonly validate: ReturnType<typeof TypeBoxValidatorCompiler>
  readonly maxLineBytes: number
  /** Told what is our fault, or the platform's. */
  readonly onFailure: (error: ApiError) => void
}

/** Takes one line of a bulk request for an order: checks it and writes it into the log, and tells what became of it. Never rejects. */
export async function takeLine (services: Services, line: InputLine, request: BulkRequest): Promise<LineResult> {
  let orderId: string | undefined
  try {
    const body = orderOf(line, request)
    checkOrder(body, request.principal)
    const { principal, idempotencyKey } = request
    const identity = await bulkIdentity({ principal, idempotencyKey, keys: services.keys }, line.number, body)
    orderId = identity.orderId
    const { position, replayed } = await acceptOrder(services, body, identity, request)
    const location = `/v1/orders/${orderId}${position === undefined ? '' : `?position=${positionToken(position)}`}`
    return { line: line.number, status: 'accepted', orderId, location, ...(replayed ? { replayed } : {}) }
  } catch (error) {
    return failureOf(line.number, orderId, translate(error), request)
  }
}

/** @throws {ApiError} API_BODY_TOO_LARGE, API_REQUEST_MALFORMED; what `translate` makes API_REQUEST_INVALID of */
function orderOf ({ bytes }: InputLine, { validate, maxLineBytes }: BulkRequest): PlaceOrderBody {
  if (bytes === undefined) throw new ApiError('API_BODY_TOO_LARGE', `a line has at most ${maxLineBytes} bytes`)
  const parsed = parseLine(bytes)
  if ('fault' in parsed) throw new ApiError('API_REQUEST_MALFORMED', parsed.fault)
  const verdict = validate(parsed.value) as { readonly error?: readonly object[] }
  if (verdict.error !== undefined) throw Object.assign(new Error('the line breaks the schema'), { validation: verdict.error, validationContext: 'body' })
  return parsed.value as PlaceOrderBody
}

/** A line that did not get through may be repeated; one that is wrong stays wrong. */
function failureOf (line: number, orderId: string | undefined, error: ApiError, { correlationId, onFailure }: BulkRequest): LineResult {
  const { body: problem, retryAfterS } = problemBody(error, correlationId)
  if (problem.status >= 500) onFailure(error)
  if (problem.status < 500 && retryAfterS === undefined) return { line, status: 'refused', problem } as LineResult
  return { line, status: 'unknown', ...(orderId === undefined ? {} : { orderId }), problem, ...(retryAfterS === undefined ? {} : { retryAfterS }) } as LineResult
}
