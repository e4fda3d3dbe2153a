import { type CommandMeta, type ProcessedCommand } from '#schemas'
import { bodyHash } from '../envelope.ts'

/** Why a readable command was not carried out. `field` names the part of the command that broke the rule. */
export interface Rejection {
  readonly code: string
  readonly field: string | null
  readonly message: string
}

/** What to do with a command that may have come before. */
export type Admission =
  | { readonly kind: 'new' }
  /** Came before with the same content: change nothing, answer as then (null = it was carried out). */
  | { readonly kind: 'repeat', readonly rejection: Rejection | null }
  /** Its id came before with other content. */
  | { readonly kind: 'conflict', readonly rejection: Rejection }

/** Fingerprint of a command's content: the sender's body hash, else one over everything but the metadata. */
export function contentHash (command: { readonly meta: CommandMeta }): string {
  const { meta, ...content } = command
  return meta.bodyHash ?? bodyHash(content)
}

/** Compares a command with what is remembered under its id (undefined = nothing). */
export function admit (remembered: ProcessedCommand | undefined, hash: string): Admission {
  if (remembered === undefined) return { kind: 'new' }
  if (remembered.bodyHash !== hash) {
    const message = 'the command id was used before with other content'
    return { kind: 'conflict', rejection: { code: 'command-id-reused', field: 'meta.commandId', message } }
  }
  const { code, field, message } = remembered
  return { kind: 'repeat', rejection: code === null ? null : { code, field, message: message ?? '' } }
}

/** The row to remember a command by. */
export function processedCommand (commandId: string, hash: string, rejection: Rejection | undefined, processedAt: number): ProcessedCommand {
  return {
    type: 'ProcessedCommand',
    commandId,
    bodyHash: hash,
    code: rejection?.code ?? null,
    field: rejection?.field ?? null,
    message: rejection?.message ?? null,
    processedAt
  }
}
