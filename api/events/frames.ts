/** Why a stream was ended by the server. */
export type EndReason = 'outcome' | 'token-expired' | 'shutdown' | 'slow-reader'

/** A place that a stream can go on from, as a client gives it back in Last-Event-ID; `isEnd`: the stream had come to its end. */
export interface StreamPlace { readonly partition: number, readonly offset: bigint, readonly isEnd: boolean }

/** What a Last-Event-ID looks like. */
export const placePattern = '^\\d{1,5}-\\d{1,18}(-end)?$'

/** How long a client waits before it comes back, ms: after a broken connection, and after a shutdown. */
export const retryMs = 3000

/** The first words of a stream. */
export const openingFrame = `retry: ${retryMs}\n\n`
/** Says that the stream is alive; clients pass over it. */
export const heartbeatFrame = ': alive\n\n'

/** A server-sent event. */
export function frameOf (id: string, event: string, data: unknown): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}

/** The last event of a stream. After an outcome it has an id of its own: who comes back with it is told that there is nothing more. */
export function endFrame (reason: EndReason, last?: Pick<StreamPlace, 'partition' | 'offset'>): string {
  const id = reason === 'outcome' && last !== undefined ? `id: ${last.partition}-${last.offset}-end\n` : ''
  return `${id}event: end\ndata: ${JSON.stringify({ reason })}\n\n`
}

/** Reads a Last-Event-ID that fits `placePattern`. */
export function parsePlace (id: string): StreamPlace {
  const [partition = '', offset = '', end] = id.split('-')
  return { partition: Number(partition), offset: BigInt(offset), isEnd: end !== undefined }
}
