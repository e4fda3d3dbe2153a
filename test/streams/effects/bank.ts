import { defineProcessor, type EffectDef, type EffectOutcome, type EffectRow, jsonSerde, type ProcessorDef } from '../../../streams/index.ts'
import { commands, type Command, totals } from '../runtime/counting.ts'

export interface Payment { readonly amount: number }

/** What a provider can do, and so what it can promise. */
export interface BankKind {
  /** The same key is carried out once. */
  readonly honoursKeys: boolean
  /** It tells what it carried out under a key. */
  readonly canBeAsked: boolean
  /** What the effect declares about it. */
  readonly effect: Partial<EffectDef<Payment>>
}

/** A provider with books: what it carried out, by idempotency key, in order. */
export class Bank {
  readonly booked: string[] = []
  /** Passes at both ends of a call: a test ends the caller there, or lets the request take its time. */
  pass: (row: EffectRow<Payment>, phase: 'request' | 'answer') => Promise<void> = async () => {}
  readonly #kind: BankKind

  constructor (kind: BankKind) {
    this.#kind = kind
  }

  async pay (row: EffectRow<Payment>): Promise<EffectOutcome<number>> {
    await this.pass(row, 'request')
    if (!this.#kind.honoursKeys || !this.booked.includes(row.idempotencyKey)) this.booked.push(row.idempotencyKey)
    await this.pass(row, 'answer')
    return { kind: 'succeeded', result: row.request.amount }
  }

  async find (row: EffectRow<Payment>): Promise<EffectOutcome<number> | null> {
    return this.booked.includes(row.idempotencyKey) ? { kind: 'succeeded', result: row.request.amount } : null
  }

  timesBooked (key: string): number {
    return this.booked.filter(booked => booked === key).length
  }
}

/** A processor that pays `amount` for each command, under the key of the record, and tells what became of it. */
export function payer (bank: Bank, { canBeAsked, effect: declared }: BankKind): ProcessorDef {
  const pay: EffectDef<Payment, number> = {
    name: 'pay',
    request: jsonSerde<Payment>(),
    keyLifeMs: 86_400_000,
    policy: 'at-most-once',
    call: async row => await bank.pay(row),
    ...(canBeAsked ? { lookup: async row => await bank.find(row) } : {}),
    finish: (context, row, outcome) => {
      const total = outcome.kind === 'succeeded' ? outcome.result : -1
      context.emit(totals, { key: row.key, value: { type: 'Total', id: `${row.key} ${outcome.kind}`, total, atMs: context.nowMs } })
    },
    ...declared
  }
  return defineProcessor<Command>({
    name: 'payer',
    inputs: [commands],
    outputs: [totals],
    effects: [pay],
    handlers: {
      Add: (context, { amount }, { key }) => { context.startEffect(pay, { key, idempotencyKey: key, request: { amount } }) },
      // What became of it is known otherwise, and the next one may begin at once.
      Remind: (context, { afterMs }, { key }) => {
        const wasOpen = context.endEffect(pay, key)
        context.emit(totals, { key, value: { type: 'Total', id: `${key} ended: ${wasOpen}`, total: 0, atMs: context.nowMs } })
        if (afterMs > 0) context.startEffect(pay, { key, idempotencyKey: `${key}+${afterMs}`, request: { amount: afterMs } })
      }
    }
  })
}
