import { pino, type DestinationStream, type Logger } from 'pino'
import { type LogLevel } from './config.ts'

export type { Logger } from 'pino'

/** Fields that are never written, at the top of a log line and up to two levels down. */
export const redactedFields = [
  'authorization', 'cookie', 'password', 'secret', 'token', 'cardToken', 'privateKey', 'apiKey', 'email', 'guestEmail', 'phone', 'fullName', 'street', 'shippingAddress',
  'ciphertext', 'recipient', 'accessToken', 'refreshToken', 'newPassword', 'currentPassword', 'passwordHash', 'signature', 'guestName', 'postcode'
] as const

/**
 * What is never written, wherever in a line it stands, the text of an error included: addresses of people, tokens, keys of providers. Every pattern
 * is bounded: a long line costs no more than its length.
 */
const secrets = [/[\w.%+-]{1,64}@[A-Za-z0-9.-]{1,253}\.[A-Za-z]{2,24}/g, /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+/g, /\b(?:whsec|sk|rk)_\w{6,}/g, /\b[Bb]earer [\w.~+/=-]{8,}/g]

/** A level that can be changed while the process runs: every logger made of it goes by it at once, its children included. */
export interface LevelSwitch { level: LogLevel }

export interface LoggerOptions {
  readonly level: LogLevel | LevelSwitch
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
    // What a switch lets through is asked for each line: children keep the level that they were made with.
    ...(typeof level === 'string' ? { level } : { level: 'trace' }),
    hooks: {
      streamWrite: line => secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), line),
      ...(typeof level === 'string' ? {} : { logMethod (args, method, severity) { if (severity >= severityOf(level.level)) method.apply(this, args) } })
    },
    base: { pid: process.pid, ...fields },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: label => ({ level: label }) },
    redact: { paths: redactedFields.flatMap(field => [field, `*.${field}`, `*.*.${field}`]), censor: '[redacted]' }
  }, destination)
}

function severityOf (level: LogLevel): number {
  return level === 'silent' ? Infinity : pino.levels.values[level] ?? 0
}
