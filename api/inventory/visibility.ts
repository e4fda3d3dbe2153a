import { Type } from 'typebox'
import { type PositionWait } from '../../streams/state/query.ts'
import { stockPartitionOf } from '../../topology/inventory/routing.ts'
import { topics } from '../../topology/topics.ts'
import { ApiError } from '../errors.ts'
import { type OwnWrites } from '../own-writes.ts'
import { type Services } from '../plugins/app/services.ts'
import { parsePosition, positionPattern } from '../position.ts'

/** How long a reader waits for the position it asks for, or for what this process wrote, ms. */
const positionWaitMs = 1_000

/** Query of what can be read after a change of the stock. */
export const StockPositionQuery = Type.Object({
  position: Type.Optional(Type.String({ pattern: positionPattern, description: 'Position token from the Location of an accepted change: waits up to a second until it is visible.' }))
}, { additionalProperties: false })

type Reading<Row> = (wait: PositionWait | undefined) => Promise<{ readonly row: Row | undefined } | 'behind'>

/**
 * Reads what is kept about a SKU once it shows the position that the reader names, else what this process wrote about the SKU.
 *
 * @throws {ApiError} API_POSITION_INVALID for a token of another SKU's; API_NOT_FOUND when there is nothing to read, API_STOCK_NOT_VISIBLE when there
 * is nothing yet.
 */
export async function readVisible<Row> ({ clock }: Services, own: OwnWrites, sku: string, token: string | undefined, read: Reading<Row>): Promise<Row> {
  const written = own.of(sku)
  const position = token === undefined ? written : positionOf(sku, token)
  const found = await read(position === undefined ? undefined : { position, clock, timeoutMs: positionWaitMs })
  if (written !== undefined && found !== 'behind') own.settled(sku, written)
  // What is there is better than nothing for who has waited long enough.
  const answer = found === 'behind' ? await read(undefined) : found
  if (answer !== 'behind' && answer.row !== undefined) return answer.row
  throw new ApiError(found === 'behind' ? 'API_STOCK_NOT_VISIBLE' : 'API_NOT_FOUND')
}

/** A token of another SKU would make the wait meaningless, or endless: it is refused. */
function positionOf (sku: string, token: string) {
  const position = parsePosition(token)
  if (position?.topic !== topics.inventory.commands.name || position.partition !== stockPartitionOf(sku)) throw new ApiError('API_POSITION_INVALID')
  return position
}
