import { type ProductView } from '#schemas'
import { StreamsError } from '../../streams/errors.ts'
import { type EffectOutcome, type Handler, type ProcessorDef, type Source } from '../../streams/processor.ts'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { inventoryProcessor } from '../../topology/inventory/process-inventory.ts'
import { ordersProcessor } from '../../topology/orders/process-orders.ts'
import { createPaymentsProcessor } from '../../topology/payments/process-payments.ts'
import { shippingProcessor } from '../../topology/shipping/process-shipping.ts'
import { type Books, type Exchange, ModelGateway } from './books.ts'
import { type Cell, normalCell, nowMs } from './cell.ts'
import { type Output, SceneContext } from './scene-context.ts'

export const processNames = ['orders', 'inventory', 'payments', 'shipping'] as const
export type ProcessName = (typeof processNames)[number]

/** What a process handles in one transaction. `place`: its partition of the stock, 0 elsewhere. */
export type Stimulus = { readonly place: number } & (
  | { readonly kind: 'record', readonly topic: string, readonly key: string, readonly value: TypedValue }
  | { readonly kind: 'timer', readonly key: string, readonly atMs: number }
  | { readonly kind: 'answer', readonly key: string, readonly outcome: EffectOutcome }
)

/** What a step leaves. `refused`: the record became a dead letter and changed nothing. `failed`: the handler threw, its key would be parked. */
export interface StepResult {
  readonly cell: Cell
  readonly outputs: readonly Output[]
  readonly refused?: string
  readonly failed?: string
}

export type Step = (cell: Cell, stimulus: Stimulus) => StepResult

/** The four processes of the saga. A known-bad variant replaces one of them by something around it. */
export type Processes = Readonly<Record<ProcessName, Step>>

const payments = createPaymentsProcessor({ gateway: new ModelGateway({ entries: [], wire: [] }, 'done') })

/** The processors of the platform themselves: their handlers, timers and effects run on the cells of the model. */
export function realProcesses (products: ReadonlyMap<string, ProductView>): Processes {
  const real = (def: ProcessorDef): Step => (cell, stimulus) => runStep(def, products, cell, stimulus)
  return { orders: real(ordersProcessor), inventory: real(inventoryProcessor), payments: real(payments), shipping: real(shippingProcessor) }
}

function runStep (def: ProcessorDef, products: ReadonlyMap<string, ProductView>, cell: Cell, stimulus: Stimulus): StepResult {
  const atMs = stimulus.kind === 'timer' ? stimulus.atMs : nowMs
  const context = new SceneContext(cell, { processor: def.name, partition: stimulus.place, source: sourceOf(stimulus), nowMs: atMs, products })
  try {
    run(def, context, cell, stimulus)
  } catch (error) {
    const { message } = error as Error
    const unchanged = { cell, outputs: [] }
    return error instanceof StreamsError && error.code === 'STR_RECORD_REFUSED' ? { ...unchanged, refused: message } : { ...unchanged, failed: message }
  }
  return { cell: normalCell(context.cell), outputs: context.outputs }
}

function run (def: ProcessorDef, context: SceneContext, cell: Cell, stimulus: Stimulus): void {
  if (stimulus.kind === 'timer') {
    context.fireTimer(stimulus.key)
    def.onTimer?.(context, { key: stimulus.key, dueMs: stimulus.atMs, payload: '' })
  } else if (stimulus.kind === 'answer') {
    const { key, outcome } = stimulus
    context.finishEffect(key)
    const request = cell.effects[key]
    def.effects[0]?.finish(context, { key, idempotencyKey: '', request, acceptedAtMs: nowMs }, outcome)
  } else {
    const { topic, key, value, place } = stimulus
    const input = def.inputs.find(candidate => candidate.topic.name === topic)
    if (input === undefined) throw new Error(`${def.name} does not read ${topic}`)
    const targets = input.route?.(value, key, input.topic.partitions) ?? [place]
    if (targets.length !== 1 || targets[0] !== place) throw new Error(`${value.type} lies in partition ${place} and belongs to ${targets.join()}`)
    const handlers = def.handlers as Readonly<Record<string, Handler>>
    handlers[value.type]?.(context, value, { topic, partition: place, offset: 0n, key, timestampMs: nowMs })
  }
}

function sourceOf (stimulus: Stimulus): Source {
  if (stimulus.kind === 'timer') return { kind: 'timer', key: stimulus.key, dueMs: stimulus.atMs, version: 0n }
  if (stimulus.kind === 'answer') return { kind: 'effect', effect: 'gateway', key: stimulus.key, idempotencyKey: '' }
  return { kind: 'record', topic: stimulus.topic, partition: stimulus.place, offset: 0n }
}

/** Makes the accepted call of a payment as the real effect makes it. `outcome` is lost where the process ends meanwhile. */
export async function callProvider (payment: Cell, books: Books, exchange: Exchange): Promise<{ readonly books: Books, readonly outcome: EffectOutcome }> {
  const [key, request] = Object.entries(payment.effects)[0] ?? []
  const gateway = new ModelGateway(books, exchange)
  const effect = createPaymentsProcessor({ gateway }).effects[0]
  if (key === undefined || effect === undefined) throw new Error('no call is accepted')
  const outcome = await effect.call({ key, idempotencyKey: '', request, acceptedAtMs: nowMs }, AbortSignal.abort())
  return { books: gateway.books, outcome }
}
