import { type FastifyReply } from 'fastify'

/** Aborts when the answer is sent or its connection is closed, or has been: nobody waits any more. */
export function goneSignal (reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  const end = (): void => { controller.abort(new Error('nobody waits for the answer any more')) }
  reply.raw.once('close', end)
  if (reply.raw.closed) end()
  return controller.signal
}

/** Calls back once the signal aborts, at once when it has. */
export function whenGone (signal: AbortSignal, callback: () => void): void {
  if (signal.aborted) callback()
  else signal.addEventListener('abort', callback, { once: true })
}
