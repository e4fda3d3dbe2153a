import { type EmailClaim, type RegisterUser, type ReleaseEmail } from '#schemas'
import { uuidOfCommand } from '../envelope.ts'

/** What becomes of an e-mail address. */
export type ClaimDecision =
  /** The account of the command gets the address, and is made. */
  | { readonly kind: 'claim' }
  /** The account of the command has it already: it is told. */
  | { readonly kind: 'tell' }
  | { readonly kind: 'release' }
  /** Another account has it, or it was given free in between: nothing changes. */
  | { readonly kind: 'ignore' }

/**
 * Decides who has an e-mail address. All that is about one address comes in the order of one partition, so of two registrations at once
 * one has it. Pure; `claim` undefined = nobody has it.
 *
 * A new account takes its id from its own command: one that names an older id meant an account that is gone.
 */
export function decideClaim (claim: EmailClaim | undefined, command: RegisterUser | ReleaseEmail): ClaimDecision {
  if (command.type === 'ReleaseEmail') return { kind: claim?.userId === command.userId ? 'release' : 'ignore' }
  if (claim !== undefined) return { kind: claim.userId === command.userId ? 'tell' : 'ignore' }
  return { kind: command.userId === uuidOfCommand(command.meta.commandId) ? 'claim' : 'ignore' }
}
