import { defineProcessor, type EffectDef, type EffectOutcome, type EffectRow, jsonSerde, type ProcessorDef } from '../../../streams/index.ts'
import { commands, type Command, totals } from '../runtime/counting.ts'

export interface Charge { readonly amount: number }

/** A provider with a ledger: what was asked of it, and what it has done per idempotency key. */
export class Provider {
  readonly calls: string[] = []
  readonly lookups: string[] = []
  readonly done = new Map<string, number>()
  answer: (row: EffectRow<Charge>, attempt: number) => Promise<EffectOutcome> = async row => ({ kind: 'succeeded', result: row.request.amount })

  async call (row: EffectRow<Charge>): Promise<EffectOutcome> {
    this.calls.push(row.idempotencyKey)
    if (!this.done.has(row.idempotencyKey)) this.done.set(row.idempotencyKey, row.request.amount)
    return await this.answer(row, this.calls.length)
  }

  async lookup (row: EffectRow<Charge>): Promise<EffectOutcome> {
    this.lookups.push(row.idempotencyKey)
    const amount = this.done.get(row.idempotencyKey)
    return amount === undefined ? { kind: 'failed', code: 'none', message: 'never seen', retriable: true } : { kind: 'succeeded', result: amount }
  }
}

export function paying (provider: Provider, given: Partial<EffectDef<Charge>> = {}): ProcessorDef {
  const charge: EffectDef<Charge> = {
    name: 'charge',
    request: jsonSerde<Charge>(),
    keyLifeMs: 86_400_000,
    policy: 'at-most-once',
    timeoutMs: 10_000,
    call: async row => await provider.call(row),
    finish: (context, row, outcome) => {
      const total = outcome.kind === 'succeeded' ? Number(outcome.result) : -1
      context.emit(totals, { key: row.key, value: { type: 'Total', id: `${outcome.kind} ${context.nextId()}`, total, atMs: context.nowMs } })
    },
    ...given
  }
  return defineProcessor<Command>({
    name: 'payments',
    inputs: [commands],
    outputs: [totals],
    effects: [charge],
    handlers: {
      Add: (context, { amount }, { key }) => {
        if (context.isEffectOpen(charge, key)) context.emit(totals, { key, value: { type: 'Total', id: 'busy', total: amount, atMs: 0 } })
        else context.startEffect(charge, { key, idempotencyKey: context.nextId(), request: { amount } })
      },
      Fail: (context, { message }, { key }) => {
        context.startEffect(charge, { key, idempotencyKey: message, request: { amount: 1 } })
        throw new Error(message)
      }
    }
  })
}
