import { pino, type DestinationStream, type Logger } from 'pino'
import { type LogLevel } from './config.ts'

export type { Logger } from 'pino'

/** Fields that are never written, at the top of a log line and up to two levels down. */
export const redactedFields = [
  'authorization', 'cookie', 'password', 'secret', 'token', 'cardToken', 'privateKey', 'apiKey', 'email', 'guestEmail', 'phone', 'fullName', 'street', 'shippingAddress',
  'ciphertext', 'recipient'
] as const

export interface LoggerOptions {
  readonly level: LogLevel
  /** Fields of every line, e.g. `{ role: 'processor' }`. */
  readonly fields?: Readonly<Record<string, string | number>>
  /** A file to append to, or a stream. @default stderr, so that stdout stays with the progress of the command */
  readonly to?: string | DestinationStream
}

/**
 * The one logger of a process: JSON lines, object first, a constant lower-case message last, errors under `err`. Pass it down and
 * make children with `logger.child({ component })`; never one per record, and never with keys that a user chose.
 */
export function createLogger ({ level, fields = {}, to = '' }: LoggerOptions): Logger {
  const destination = typeof to === 'string' ? pino.destination(to === '' ? { dest: 2, sync: true } : { dest: to, mkdir: true, sync: true }) : to
  return pino({
    level,
    base: { pid: process.pid, ...fields },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: label => ({ level: label }) },
    redact: { paths: redactedFields.flatMap(field => [field, `*.${field}`, `*.*.${field}`]), censor: '[redacted]' }
  }, destination)
}
