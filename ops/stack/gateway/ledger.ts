import { createHash } from 'node:crypto'
import { behaviourOf, flakyTries } from './tokens.ts'

/** Amounts are whole numbers of 1/10,000 of the currency's unit. `authorised = captured + voided + open`, `captured = net + refunded`. */
export interface Authorisation {
  readonly reference: string
  readonly key: string
  readonly orderId: string
  readonly currency: string
  readonly method: string
  readonly token: string
  readonly authorised: bigint
  readonly captured: bigint
  readonly voided: bigint
  readonly refunded: bigint
  /** True for what a void left where it found no authorisation: the late request is refused. */
  readonly fence: boolean
}

/** What a client asks for, under its idempotency key. */
export type GatewayCommand =
  | {
    readonly step: 'authorise',
    readonly key: string,
    readonly orderId: string,
    readonly amount: bigint,
    readonly currency: string
    readonly method: string,
    readonly token: string
  }
  | { readonly step: 'capture' | 'refund', readonly key: string, readonly authorisationKey: string, readonly amount: bigint, readonly currency: string }
  | { readonly step: 'void', readonly key: string, readonly authorisationKey: string }

/** One line of the journal: a command and what became of it. Replaying the lines in order rebuilds the ledger. */
export type GatewayEntry = GatewayCommand & { readonly outcome: 'done' | 'declined' | 'failed', readonly code: string, readonly at: number }

/** The answer to a command; `view` as it was when the command was carried out, on every repeat. */
export type GatewayResult =
  | { readonly kind: 'done', readonly view: Authorisation }
  | { readonly kind: 'declined' | 'refused' | 'failed', readonly code: string }

/** An answer, the line to write before it is given (none for a repeat or a refusal), and whether the token wants it late or never. */
export interface Submission {
  readonly result: GatewayResult
  readonly entry?: GatewayEntry
  readonly delivery: 'now' | 'late' | 'never'
}

interface Operation { readonly command: GatewayCommand, readonly result: GatewayResult }

/**
 * The books of the gateway: authorisations and everything that was done under an idempotency key. In memory, without I/O; what
 * makes it durable is the journal of its entries.
 */
export class GatewayLedger {
  readonly #operations = new Map<string, Operation>()
  readonly #authorisations = new Map<string, Authorisation>()
  readonly #references = new Map<string, string>()
  readonly #failedTries = new Map<string, number>()

  /** Carries out a command, once per key. A repeat gets the first answer; other content under the same key is refused. */
  submit (command: GatewayCommand, at: number): Submission {
    const before = this.#operations.get(command.key)
    if (before !== undefined) {
      if (!sameContent(before.command, command)) return { result: { kind: 'refused', code: 'idempotency-key-reused' }, delivery: 'now' }
      return { result: before.result, delivery: 'now' }
    }
    const refusal = this.#refusal(command)
    if (refusal !== undefined) return { result: { kind: 'refused', code: refusal }, delivery: 'now' }
    const behaviour = behaviourOf(command.step, this.#tokenOf(command))
    const failing = behaviour === 'flaky' && (this.#failedTries.get(command.key) ?? 0) < flakyTries
    const outcome = behaviour === 'decline' ? 'declined' : failing ? 'failed' : 'done'
    const entry: GatewayEntry = { ...command, outcome, code: outcome === 'declined' ? 'card-declined' : outcome === 'failed' ? 'internal-error' : '', at }
    const result = this.apply(entry)
    return { result, entry, delivery: behaviour === 'silent' ? 'never' : behaviour === 'slow' ? 'late' : 'now' }
  }

  /** Books an entry: of a new command, or read back from the journal. */
  apply (entry: GatewayEntry): GatewayResult {
    if (entry.outcome === 'failed') {
      this.#failedTries.set(entry.key, (this.#failedTries.get(entry.key) ?? 0) + 1)
      return { kind: 'failed', code: entry.code }
    }
    this.#failedTries.delete(entry.key)
    const { outcome, code, at, ...command } = entry
    const result: GatewayResult = outcome === 'declined' ? { kind: 'declined', code } : { kind: 'done', view: this.#book(command) }
    this.#operations.set(entry.key, { command, result })
    return result
  }

  /** The answer given under a key; undefined = nothing was carried out under it. */
  find (key: string): GatewayResult | undefined {
    return this.#operations.get(key)?.result
  }

  authorisation (key: string): Authorisation | undefined {
    return this.#authorisations.get(key)
  }

  /** The idempotency key of an authorisation by its reference. */
  keyOf (reference: string): string | undefined {
    return this.#references.get(reference)
  }

  authorisations (): Iterable<Authorisation> {
    return this.#authorisations.values()
  }

  get size (): number {
    return this.#authorisations.size
  }

  #tokenOf (command: GatewayCommand): string {
    return command.step === 'authorise' ? command.token : this.#authorisations.get(command.authorisationKey)?.token ?? ''
  }

  /** Why a command cannot be carried out, if so. Nothing is remembered of it. */
  #refusal (command: GatewayCommand): string | undefined {
    if (command.step === 'authorise') return this.#authorisations.get(command.key)?.fence === true ? 'voided-before' : undefined
    if (command.step === 'void') return undefined
    const target = this.#authorisations.get(command.authorisationKey)
    if (target === undefined || target.fence) return 'unknown-authorisation'
    if (target.currency !== command.currency) return 'currency-differs'
    if (command.step === 'refund') return command.amount > target.captured - target.refunded ? 'refund-exceeds-captured' : undefined
    if (target.captured > 0n) return 'already-captured'
    return command.amount > target.authorised - target.voided ? 'capture-exceeds-open' : undefined
  }

  #book (command: GatewayCommand): Authorisation {
    if (command.step === 'authorise') {
      const { key, orderId, amount: authorised, currency, method, token } = command
      const reference = `auth_${createHash('sha1').update(key).digest('hex').slice(0, 24)}`
      this.#references.set(reference, key)
      return this.#store({ reference, key, orderId, currency, method, token, authorised, captured: 0n, voided: 0n, refunded: 0n, fence: false })
    }
    const target = this.#authorisations.get(command.authorisationKey) ?? fenceOf(command.authorisationKey)
    const { authorised, captured, voided, refunded } = target
    if (command.step === 'capture') return this.#store({ ...target, captured: command.amount, voided: authorised - command.amount })
    if (command.step === 'refund') return this.#store({ ...target, refunded: refunded + command.amount })
    return this.#store({ ...target, voided: voided + (authorised - captured - voided) })
  }

  #store (authorisation: Authorisation): Authorisation {
    this.#authorisations.set(authorisation.key, authorisation)
    return authorisation
  }
}

function fenceOf (key: string): Authorisation {
  return {
    reference: '', key, orderId: '', currency: '', method: '', token: '', authorised: 0n, captured: 0n, voided: 0n, refunded: 0n, fence: true
  }
}

function sameContent (one: GatewayCommand, other: GatewayCommand): boolean {
  if (one.step !== other.step) return false
  const left = one as Readonly<Record<string, unknown>>
  return Object.entries(other).every(([name, value]) => left[name] === value)
}
