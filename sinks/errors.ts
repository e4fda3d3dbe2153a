/** Every error code of the sinks: the table is the documentation. */
export const sinkErrors = {
  SNK_MIGRATION_CHANGED: 'a migration that was applied has another content now: migrations are never edited, write a new one',
  SNK_MIGRATION_UNKNOWN: 'the database has a migration that this version does not know: it was migrated by a newer version',
  SNK_MIGRATION_FAILED: 'a migration did not run to its end: fix the cause and run it again, every statement may be repeated',
  SNK_MIGRATION_ORDER: 'migration files are named 001_name.sql, without gaps and repeats',
  SNK_REBUILD_BLOCKED: 'an insert does not end within its limit, so the rows cannot be exchanged: nothing was changed, try again',
  SNK_TOPIC_COMPACTED: 'a compacted topic cannot be sunk: its planned ranges would change',
  SNK_TEMPLATE_INVALID: 'a template of notifications cannot be used'
} as const

export type SinkErrorCode = keyof typeof sinkErrors

/** The error class of the sinks. `context` never holds payloads or credentials. */
export class SinkError extends Error {
  override readonly name = 'SinkError'
  readonly code: SinkErrorCode
  readonly context: Readonly<Record<string, unknown>>

  constructor (code: SinkErrorCode, context: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    const details = Object.entries(context).map(([name, value]) => `${name}=${String(value)}`).join(' ')
    super(`${sinkErrors[code]}${details === '' ? '' : ` (${details})`}`, cause === undefined ? undefined : { cause })
    this.code = code
    this.context = context
  }
}
