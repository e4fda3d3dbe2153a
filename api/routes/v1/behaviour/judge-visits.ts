import { Compile } from 'typebox/compile'
import { defaultTenant } from '../../../../topology/envelope.ts'
import { type VisitCommand, visitCommandId } from '../../../../topology/behaviour/behaviour.ts'
import { whyRefused } from '../../../../topology/behaviour/moment.ts'
import { type VisitBody, type VisitType, visitSchemas } from '../../../schemas/behaviour.ts'

/** An event that is not taken; `field` is a JSON pointer into the body of the request. */
export interface RefusedVisit { readonly index: number, readonly field: string, readonly message: string }

/** The events of a request, sorted by whether they can be taken. */
export interface JudgedVisits { readonly commands: readonly VisitCommand[], readonly refused: readonly RefusedVisit[] }

const validators = new Map(Object.entries(visitSchemas).map(([type, schema]) => [type, Compile(schema)]))

/** Judges each event alone: one that breaks a rule does not stop the others. Pure. `correlationId`: what they have in common. */
export function judgeVisits (events: readonly unknown[], nowMs: number, correlationId: string): JudgedVisits {
  const commands: VisitCommand[] = []
  const refused: RefusedVisit[] = []
  for (const [index, event] of events.entries()) {
    const fault = faultOf(event, nowMs)
    if (fault === undefined) commands.push(commandOf(event as VisitBody, nowMs, correlationId))
    else refused.push({ index, field: `/events/${index}${fault.field}`, message: fault.message })
  }
  return { commands, refused }
}

function faultOf (event: unknown, nowMs: number): { readonly field: string, readonly message: string } | undefined {
  const type = typeof event === 'object' && event !== null && 'type' in event ? event.type : undefined
  const validator = typeof type === 'string' ? validators.get(type) : undefined
  if (validator === undefined) return { field: '/type', message: `is none of ${[...validators.keys()].join(', ')}` }
  const [error] = validator.Check(event) ? [] : validator.Errors(event)
  if (error !== undefined) return namedFault(error)
  const refusal = whyRefused(Date.parse((event as VisitBody).at), nowMs)
  return refusal === undefined ? undefined : { field: '/at', message: refusal }
}

interface ValidationError { readonly keyword: string, readonly instancePath: string, readonly message?: string, readonly params: object }

/** Where a member is missing or unknown, the error stands at the event and names it in a list. */
function namedFault ({ keyword, instancePath, message = 'is not valid', params }: ValidationError): { readonly field: string, readonly message: string } {
  const lists = params as { readonly requiredProperties?: readonly string[], readonly additionalProperties?: readonly string[] }
  if (keyword === 'required') return { field: `${instancePath}/${lists.requiredProperties?.[0] ?? ''}`, message: 'is required' }
  if (keyword === 'additionalProperties') return { field: `${instancePath}/${lists.additionalProperties?.[0] ?? ''}`, message: 'is not known' }
  return { field: instancePath, message }
}

function commandOf (body: VisitBody, nowMs: number, correlationId: string): VisitCommand {
  const { sessionId, eventId } = body
  const meta = {
    commandId: visitCommandId(sessionId, eventId), bodyHash: null, issuedAt: nowMs, correlationId, principal: null, tenant: defaultTenant
  }
  const about = { meta, sessionId, eventId, at: Date.parse(body.at) }
  const sku = (body.sku ?? '').toUpperCase()
  const make: Record<VisitType, () => VisitCommand> = {
    ProductViewed: () => ({ type: 'RecordProductViewed', ...about, sku }),
    ProductAddedToCart: () => ({ type: 'RecordProductAddedToCart', ...about, sku, quantity: body.quantity ?? 1 }),
    CheckoutStarted: () => ({ type: 'RecordCheckoutStarted', ...about, orderId: body.orderId ?? null })
  }
  return make[body.type]()
}
