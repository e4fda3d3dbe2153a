import { heldBack } from '../../../streams/effects/call-guard.ts'
import { GatewayLedger, type GatewayCommand } from '../../../ops/stack/gateway/ledger.ts'
import { type FindRequest, type FollowUpRequest, type GatewayAnswer, type PaymentGateway, type VoidRequest } from '../../../topology/payments/gateway.ts'

/** What goes wrong with one call: nothing, the request is lost, the answer is lost, the gateway is down, or the breaker holds it back. */
export type Fault = 'none' | 'lost-request' | 'lost-answer' | 'down' | 'held-back'

/** A gateway port over the real books of the embedded gateway, whose calls go wrong as a script says (`none` when it has run out). */
export class ScriptedGateway implements PaymentGateway {
  readonly ledger = new GatewayLedger()
  readonly calls: string[] = []
  readonly #script: Fault[]

  constructor (script: readonly Fault[] = []) {
    this.#script = [...script]
  }

  /** Adds faults for the next calls. */
  plan (...faults: readonly Fault[]): void {
    this.#script.push(...faults)
  }

  authorise = (request: Parameters<PaymentGateway['authorise']>[0]) => this.#call({ step: 'authorise', ...request })
  capture = ({ reference, ...request }: FollowUpRequest) => this.#call({ step: 'capture', ...request })
  refund = ({ reference, ...request }: FollowUpRequest) => this.#call({ step: 'refund', ...request })
  void = ({ key, authorisationKey }: VoidRequest) => this.#call({ step: 'void', key, authorisationKey })

  async find ({ key }: Pick<FindRequest, 'key'>): Promise<GatewayAnswer | null> {
    this.calls.push(`find ${key}`)
    const result = this.ledger.find(key)
    return result === undefined ? null : answerOf(result)
  }

  async close (): Promise<void> {}

  async #call (command: GatewayCommand): Promise<GatewayAnswer> {
    this.calls.push(`${command.step} ${command.key}`)
    const fault = this.#script.shift() ?? 'none'
    if (fault === 'held-back') return { kind: 'unavailable', code: heldBack, message: 'the breaker is open' }
    if (fault === 'down') return { kind: 'unavailable', code: 'unreachable', message: 'the gateway is down' }
    if (fault === 'lost-request') return { kind: 'unknown', message: 'no answer' }
    const { result } = this.ledger.submit(command, 0)
    return fault === 'lost-answer' ? { kind: 'unknown', message: 'no answer' } : answerOf(result)
  }
}

function answerOf (result: ReturnType<GatewayLedger['submit']>['result']): GatewayAnswer {
  if (result.kind === 'done') return { kind: 'done', view: result.view }
  if (result.kind === 'failed') return { kind: 'unknown', message: result.code }
  return { kind: result.kind, code: result.code, message: result.code }
}
