import { heldBack } from '../../streams/effects/call-guard.ts'
import { GatewayLedger, type Authorisation, type GatewayCommand, type GatewayEntry } from '../../ops/stack/gateway/ledger.ts'
import { type GatewayAnswer, type PaymentGateway } from '../../topology/payments/gateway.ts'

/** The provider as one order sees it: what its ledger booked, and requests that nobody waits for any more but that may still arrive. */
export interface Books {
  readonly entries: readonly GatewayEntry[]
  readonly wire: readonly GatewayCommand[]
}

export const emptyBooks: Books = { entries: [], wire: [] }

/** How the exchange of one call goes. `unanswered`: no answer in time, and the request may arrive later or never. */
export const exchanges = ['done', 'declined', 'unanswered', 'down', 'held-back'] as const
export type Exchange = (typeof exchanges)[number]

/** The ledger of the embedded gateway, rebuilt from its entries. */
export function ledgerOf ({ entries }: Books): GatewayLedger {
  const ledger = new GatewayLedger()
  for (const entry of entries) ledger.apply(entry)
  return ledger
}

const known = new WeakMap<Books, readonly Authorisation[]>()

/** The authorisations of the order, fences included, as the ledger has them. One is right. */
export function authorisationsOf (books: Books): readonly Authorisation[] {
  let authorisations = known.get(books)
  if (authorisations === undefined) {
    authorisations = [...ledgerOf(books).authorisations()]
    known.set(books, authorisations)
  }
  return authorisations
}

/** The books after the late request number `index` has arrived: nobody hears the answer. */
export function arrive ({ entries, wire }: Books, index: number): Books {
  const command = wire[index]
  if (command === undefined) throw new RangeError('no such request is on its way')
  const { entry } = ledgerOf({ entries, wire }).submit(command, 0)
  return { entries: entry === undefined ? entries : [...entries, entry], wire: wire.filter(other => other !== command) }
}

/** A gateway port over the real ledger; its next exchange goes as told. `books` is what it leaves. */
export class ModelGateway implements PaymentGateway {
  books: Books
  readonly #ledger: GatewayLedger
  readonly #exchange: Exchange

  constructor (books: Books, exchange: Exchange) {
    this.books = books
    this.#ledger = ledgerOf(books)
    this.#exchange = exchange
  }

  authorise = async ({ key, orderId, amount, currency, method, token }: Parameters<PaymentGateway['authorise']>[0]) =>
    this.#exchangeOf({ step: 'authorise', key, orderId, amount, currency, method, token })

  capture = async ({ key, authorisationKey, amount, currency }: Parameters<PaymentGateway['capture']>[0]) =>
    this.#exchangeOf({ step: 'capture', key, authorisationKey, amount, currency })

  refund = async ({ key, authorisationKey, amount, currency }: Parameters<PaymentGateway['refund']>[0]) =>
    this.#exchangeOf({ step: 'refund', key, authorisationKey, amount, currency })

  void = async ({ key, authorisationKey }: Parameters<PaymentGateway['void']>[0]) => this.#exchangeOf({ step: 'void', key, authorisationKey })
  close = async (): Promise<void> => {}

  async find ({ key }: Parameters<PaymentGateway['find']>[0]): Promise<GatewayAnswer | null> {
    const result = this.#ledger.find(key)
    return result === undefined ? null : answerOf(result)
  }

  #exchangeOf (command: GatewayCommand): GatewayAnswer {
    const { entries, wire } = this.books
    switch (this.#exchange) {
      case 'held-back': return { kind: 'unavailable', code: heldBack, message: '' }
      case 'down': return { kind: 'unavailable', code: 'unreachable', message: '' }
      case 'unanswered':
        if (!wire.some(({ key }) => key === command.key)) this.books = { entries, wire: [...wire, command].sort((a, b) => a.key < b.key ? -1 : 1) }
        return { kind: 'unknown', message: '' }
      case 'declined':
        if (this.#canDecline(command)) {
          const entry: GatewayEntry = { ...command, outcome: 'declined', code: 'card-declined', at: 0 }
          this.books = { entries: [...entries, entry], wire }
          return answerOf(this.#ledger.apply(entry))
        }
        break
      default:
    }
    const { result, entry } = this.#ledger.submit(command, 0)
    if (entry !== undefined) this.books = { entries: [...entries, entry], wire }
    return answerOf(result)
  }

  /** A forward step that nothing was booked under yet, and that the provider would carry out. */
  #canDecline (command: GatewayCommand): boolean {
    if (this.#ledger.find(command.key) !== undefined) return false
    if (command.step === 'authorise') return this.#ledger.authorisation(command.key) === undefined
    return command.step === 'capture' && ledgerOf(this.books).submit(command, 0).entry !== undefined
  }
}

function answerOf (result: ReturnType<GatewayLedger['submit']>['result']): GatewayAnswer {
  if (result.kind === 'done') {
    const { reference, currency, authorised, captured, voided, refunded } = result.view
    return { kind: 'done', view: { reference, currency, authorised, captured, voided, refunded } }
  }
  return result.kind === 'failed' ? { kind: 'unknown', message: '' } : { kind: result.kind, code: result.code, message: '' }
}
