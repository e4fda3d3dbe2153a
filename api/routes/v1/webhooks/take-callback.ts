import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type Unheard } from '../../../../topology/callbacks/read-body.ts'
import { type SignatureVerdict } from '../../../../topology/callbacks/signature.ts'
import { ApiError, type ApiErrorCode } from '../../../errors.ts'
import { type Services } from '../../../plugins/app/services.ts'
import { type IntakeCommand } from '../../../ports.ts'
import { CallbackAnswer } from '../../../schemas/payment.ts'
import { problems } from '../../../schemas/problem.ts'
import { traceparentOf } from '../../../trace.ts'

/** What every route of a signed callback has beside its schema. */
export const signedCallback = {
  /** Several times the largest callback of a known provider. */
  bodyLimit: 64 * 1024,
  /** A provider sends in bursts, from few addresses, and nobody can send more than is checked in that time. */
  config: { permission: 'public', rateLimit: { max: 1000, timeWindow: 1000 } },
  // Nothing is read of the body before its signature is checked; what it must look like is its sender's affair.
  validatorCompiler: () => () => true
} as const

export const callbackAnswers = { 200: CallbackAnswer, 202: CallbackAnswer, ...problems(400, 413, 415, 422, 429, 503) }

/** What every callback has, whatever its sender: the rest is read as its description says, and what is not known is passed over. */
export const CallbackId = Type.String({ minLength: 1, maxLength: 200, description: 'Id of the callback: it counts once.' })

/** The signature is over the bytes: within this plugin bodies are kept as they came. */
export function keepBytes (app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => { done(null, body) })
}

const refusals: Readonly<Record<Exclude<SignatureVerdict, 'valid'> | 'off', readonly [code: ApiErrorCode, detail?: string]>> = {
  missing: ['API_CALLBACK_UNSIGNED'],
  malformed: ['API_CALLBACK_FORGED', 'the header is not t=<epoch seconds>,v1=<64 hexadecimal digits>'],
  wrong: ['API_CALLBACK_FORGED', 'no secret of ours gives this signature for these bytes'],
  stale: ['API_CALLBACK_STALE'],
  off: ['API_CALLBACKS_OFF']
}

export interface Callback<Heard extends { readonly kind: 'heard' }> {
  /** Checks the signature over the bytes as they came. `off`: no secret is configured. */
  readonly check: (body: Buffer, nowMs: number) => SignatureVerdict | 'off'
  /** Reads the JSON of a body that is believed. */
  readonly read: (body: unknown) => Heard | Unheard | Promise<Heard | Unheard>
  readonly record: (heard: Heard, nowMs: number) => IntakeCommand
}

/**
 * Takes a signed callback in: in the log when it is answered with 202, passed over with 200.
 *
 * @throws {ApiError} API_CALLBACK_UNSIGNED, API_CALLBACK_FORGED, API_CALLBACK_STALE, API_CALLBACKS_OFF, API_REQUEST_MALFORMED, API_REQUEST_INVALID
 */
export async function takeCallback<Heard extends { readonly kind: 'heard' }> (
  { clock, commandLog }: Services, request: FastifyRequest, reply: FastifyReply, { check, read, record }: Callback<Heard>
): Promise<FastifyReply> {
  const nowMs = clock.now()
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const verdict = check(body, nowMs)
  if (verdict !== 'valid') throw new ApiError(...refusals[verdict])
  const reading = await read(jsonOf(body))
  if (reading.kind === 'unreadable') throw new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field: reading.field, message: reading.message }] })
  if (reading.kind === 'ignored') return await reply.code(200).send({ received: true, outcome: 'ignored', reason: reading.reason })
  await commandLog.append(record(reading, nowMs), { traceparent: traceparentOf(request.headers) })
  return await reply.code(202).send({ received: true, outcome: 'accepted' })
}

function jsonOf (body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch (error) {
    throw new ApiError('API_REQUEST_MALFORMED', 'the body is not JSON', {}, error)
  }
}
