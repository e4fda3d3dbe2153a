import { type Redis } from 'ioredis'
import { ensureError } from '../../errors.ts'

/**
 * Tells of the failures of a client, each stream's once. ioredis listens to a stream for one error, and one over TLS can have a second, e.g. an alert that
 * comes after the handshake was given up: without anybody to hear it, it would end the process.
 */
export function onFailure (redis: Redis, tell: (error: Error) => void): void {
  redis.on('error', (error: unknown) => {
    // Absent while there was no connection yet.
    const stream = redis.stream as typeof redis.stream | undefined
    if (stream?.listenerCount('error') === 0) stream.on('error', () => {})
    tell(ensureError(error))
  })
}
