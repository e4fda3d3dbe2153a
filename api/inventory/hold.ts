import { type FastifyReply, type FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { type CommandMeta, type ReservationState } from '#schemas'
import { type Rejection } from '../../topology/commands/processed-command.ts'
import { type Acceptance, IdempotencyHeaders, acceptCommand, requestCommandId, tellAcceptance } from '../commands.ts'
import { ApiError } from '../errors.ts'
import { goneSignal } from '../gone-signal.ts'
import { maxWaitS, preferredWaitS } from '../orders/wait.ts'
import { type OwnWrites } from '../own-writes.ts'
import { type Services } from '../plugins/app/services.ts'
import { type StockCommand } from '../ports.ts'

/** Headers of a change of a reservation by hand. */
export const HoldHeaders = Type.Object({
  ...IdempotencyHeaders.properties,
  prefer: Type.Optional(Type.String({ description: `wait=N: answer when it is decided, at the latest after N ≤ ${maxWaitS} seconds.` }))
})

export interface HoldChange {
  /** Name of the route with what it is about: part of the identity of every command taken through it, never to be changed. */
  readonly route: string
  readonly sku: string
  readonly body: unknown
  /** The reservation that a command of that id is about. */
  readonly reservationId: (commandId: string) => string
  /** The command, made when it is new. May throw an ApiError for what the stock forbids. */
  readonly command: (meta: CommandMeta) => StockCommand
}

/** What was accepted, and with `Prefer: wait` what became of it: undefined = not decided yet, or not asked for. */
export interface HoldAnswer { readonly reservationId: string, readonly location: string, readonly hold: ReservationState | undefined }

/**
 * Takes a change of a reservation by hand: in the log when the answer comes, decided a moment later, or with `Prefer: wait` before.
 *
 * @throws {ApiError} what `acceptCommand` does; and of a change that was waited for API_STOCK_SHORT, API_REQUEST_INVALID.
 */
export async function changeHold (own: OwnWrites, services: Services, request: FastifyRequest, reply: FastifyReply, change: HoldChange): Promise<HoldAnswer> {
  const { route, sku, body } = change
  const key = String(request.headers['idempotency-key'])
  const acceptance = await acceptCommand(services, request, {
    route, key, body, known: async id => await services.stock.commandHash(sku, id), command: change.command
  })
  if (acceptance.position !== undefined) own.wrote(sku, acceptance.position)
  const commandId = requestCommandId(request, { route, key })
  const reservationId = change.reservationId(commandId)
  const location = tellAcceptance(reply, `/v1/inventory/${encodeURIComponent(sku)}/reservations/${reservationId}`, acceptance)
  const waitS = preferredWaitS(request.headers['prefer'] as string | undefined)
  if (waitS === undefined) return { reservationId, location, hold: undefined }
  reply.header('preference-applied', `wait=${waitS}`)
  return { reservationId, location, hold: await decided(services, reply, sku, commandId, reservationId, acceptance, waitS * 1000) }
}

/** Waits for the decision. @throws {ApiError} for a rejection. */
async function decided (
  { stock, clock }: Services, reply: FastifyReply, sku: string, commandId: string, reservationId: string, { position }: Acceptance, timeoutMs: number
): Promise<ReservationState | undefined> {
  const wait = position === undefined ? undefined : { position, clock, timeoutMs, signal: goneSignal(reply) }
  const rejection = await stock.rejection(sku, commandId, wait)
  if (rejection === 'behind') return undefined
  if (rejection.row !== undefined) throw refused(rejection.row)
  const hold = await stock.hold(sku, reservationId)
  return hold === 'behind' ? undefined : hold.row
}

function refused ({ code, field, message }: Rejection): ApiError {
  if (code === 'short-stock') return new ApiError('API_STOCK_SHORT', message)
  if (code === 'unknown-reservation') return new ApiError('API_NOT_FOUND')
  if (field === 'quantity') return new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field: '/quantity', message }] })
  return new ApiError('API_REQUEST_INVALID', message)
}
