import { type Erasure, type EraseSubject, type SubjectErased } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type DestroyedKey } from './key-store.ts'

/** What a request to erase leads to. */
export interface ErasureStep {
  readonly erasure: Erasure
  /** The account to be deleted now; null = none, or it was asked for before. */
  readonly deletes: string | null
}

/**
 * Takes a request up. A person is erased once; asked again, the key is destroyed again, for an older key store may have been restored, and who asked first,
 * and why, stays. Pure; `before` undefined = nobody has asked yet.
 */
export function takeUp (before: Erasure | undefined, command: EraseSubject, correlationId: string, nowMs: number): ErasureStep {
  const { keyId, subject, accountId, reason, meta } = command
  // An account may have been made after the first request: by nobody whom it erased, for his key is gone; it goes as well.
  const deletes = accountId === before?.accountId ? null : accountId
  if (before !== undefined) return { erasure: accountId === null ? before : { ...before, accountId }, deletes }
  return {
    erasure: { type: 'Erasure', keyId, subject, accountId, requestedBy: meta.principal, requestedAt: nowMs, reason, correlationId, destroyedAt: null, digest: null },
    deletes
  }
}

/** What a destroyed key leads to; no proof = the same one was told before. */
export interface Completion { readonly erasure: Erasure, readonly proof: Body<SubjectErased> | undefined }

/** The key is destroyed. Pure. */
export function complete (before: Erasure, { destroyedAt, digest }: DestroyedKey): Completion {
  const isTold = before.destroyedAt === destroyedAt && before.digest === digest
  const { keyId, subject, accountId, requestedBy, requestedAt, reason } = before
  return {
    erasure: { ...before, destroyedAt, digest },
    proof: isTold ? undefined : { type: 'SubjectErased', keyId, subject, accountId, requestedBy, requestedAt, reason, destroyedAt, digest }
  }
}
