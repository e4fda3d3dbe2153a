import { type AssessOrder, type AssessedOrder, type ReleaseExposure, type RiskAccount, type SetCreditLimit } from '#schemas'
import { StreamsError } from '../../streams/errors.ts'
import { type ProcessorContext, type ProcessorDef, type RecordInfo, type TimerInfo, defineProcessor, defineStore } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { type Rejection, admit, contentHash, processedCommand } from '../commands/processed-command.ts'
import { retentionMs } from '../commands/retention.ts'
import { causeOf, commandIdOf, eventMeta } from '../envelope.ts'
import { flagsTable, readFlag } from '../flags/flags.ts'
import { topics } from '../topics.ts'
import { accountOf, assessOrder, releaseExposure } from './assess-order.ts'
import { setCreditLimit } from './credit-limit.ts'

/** Name of the sub-topology: in task ids, the changelog and the hash slots of the state. */
export const riskName = 'risk'

/** Activity, limits and what is owed, by customer id. */
export const riskAccountStore = defineStore('accounts', stateSerde(riskName, 'RiskAccount'))
/** What was decided, by order id: kept while the order is owed, and `riskMemoryMs` after that. */
export const assessedStore = defineStore('assessed', stateSerde(riskName, 'AssessedOrder'))
/** Commands of people that were processed, by command id. */
export const riskProcessedStore = defineStore('processed', stateSerde(riskName, 'ProcessedCommand'))

/** How long decisions and command ids are kept: a day longer than their topics. Unit: ms. */
export const riskMemoryMs = Math.max(retentionMs(topics.risk.commands), retentionMs(topics.customers.commands)) + 86_400_000

/** From here on the orders of a customer within an hour are reviewed, unless said otherwise: 2,000 units of the currency. */
export const defaultActivityLimit = 20_000_000n

export interface RiskOptions {
  /** In 1/10,000 of the unit of each currency; 0 = no order is reviewed for it. @default 2,000 units */
  readonly activityLimit?: bigint
}

type RiskInput = AssessOrder | ReleaseExposure | SetCreditLimit

/** Rows that a timer forgets. */
type Forgotten = 'assessed' | 'command'

/** Assesses orders by the account of their customer: one writer per customer. See README.md. */
export function createRiskProcessor ({ activityLimit = defaultActivityLimit }: RiskOptions = {}): ProcessorDef {
  return defineProcessor<RiskInput>({
    name: riskName,
    inputs: [topics.risk.commands, topics.customers.commands],
    outputs: [topics.risk.decisions, topics.orders.rejections],
    stores: [riskAccountStore, assessedStore, riskProcessedStore],
    globals: [flagsTable],
    reads: command => command.type === 'SetCreditLimit'
      ? [[riskAccountStore, command.customerId], [riskProcessedStore, command.meta.commandId]]
      : [...command.customerId === null ? [] : [[riskAccountStore, command.customerId] as const], [assessedStore, command.orderId]],
    handlers: {
      AssessOrder: (context, command, record) => { assess(context, command, record, activityLimit) },
      ReleaseExposure: release,
      SetCreditLimit: limit
    },
    onTimer: forget,
    // What is owed by a customer is counted in the order in which it was asked.
    parking: 'key'
  })
}

function assess (context: ProcessorContext, command: AssessOrder, record: RecordInfo, activityLimit: bigint): void {
  checkKey(record, accountOf(command))
  const before = context.store(assessedStore).get(command.orderId)
  const account = command.customerId === null ? undefined : context.store(riskAccountStore).get(command.customerId)
  const maintenance = readFlag(context.global(flagsTable).get('maintenance'))
  const assessment = assessOrder(account, before, command, { nowMs: context.nowMs, activityLimit, maintenance })
  keep(context, assessment)
  if (before === undefined && !assessment.assessed.exposed) forgetLater(context, command.orderId, 'assessed')
  const meta = eventMeta(context, causeOf(command.meta, context.source))
  context.emit(topics.risk.decisions, { key: command.orderId, value: { ...assessment.decision, meta } })
}

function release (context: ProcessorContext, command: ReleaseExposure, record: RecordInfo): void {
  checkKey(record, command.customerId)
  const before = context.store(assessedStore).get(command.orderId)
  if (before !== undefined && before.accountId !== command.customerId) throw new StreamsError('STR_RECORD_REFUSED', { why: 'the order belongs to another customer' })
  const released = releaseExposure(context.store(riskAccountStore).get(command.customerId), before, command)
  keep(context, released)
  if (before?.exposed === true) forgetLater(context, command.orderId, 'assessed')
}

function limit (context: ProcessorContext, command: SetCreditLimit, record: RecordInfo): void {
  checkKey(record, command.customerId)
  const [commandId, hash] = [commandIdOf(command.meta, context.source), contentHash(command)]
  const admission = admit(context.store(riskProcessedStore).get(commandId), hash)
  const rejection = admission.kind === 'new' ? setLimit(context, command) : admission.rejection ?? undefined
  if (admission.kind === 'new') {
    context.store(riskProcessedStore).put(commandId, processedCommand(commandId, hash, rejection, context.nowMs))
    forgetLater(context, commandId, 'command')
  }
  if (rejection === undefined) return
  const { customerId, type } = command
  const meta = eventMeta(context, causeOf(command.meta, context.source))
  // Like those of the catalog, refused commands lie on orders.rejections, here under their customer.
  context.emit(topics.orders.rejections, { key: customerId, value: { type: 'CommandRejected', meta, orderId: customerId, command: type, commandId, ...rejection } })
}

function setLimit (context: ProcessorContext, command: SetCreditLimit): Rejection | undefined {
  const answer = setCreditLimit(context.store(riskAccountStore).get(command.customerId), command)
  if ('rejection' in answer) return answer.rejection
  context.store(riskAccountStore).put(command.customerId, answer.account)
  return undefined
}

function keep (context: ProcessorContext, { account, assessed }: { readonly account?: RiskAccount, readonly assessed?: AssessedOrder }): void {
  if (account !== undefined) context.store(riskAccountStore).put(account.accountId, account)
  if (assessed !== undefined) context.store(assessedStore).put(assessed.orderId, assessed)
}

/** A record filed under another key would be handled by the wrong task: it is a dead letter. */
function checkKey (record: RecordInfo, accountId: string): void {
  if (record.key !== accountId) throw new StreamsError('STR_RECORD_REFUSED', { why: 'the key of the record is not its customer, or the order of a guest' })
}

function forgetLater (context: ProcessorContext, key: string, row: Forgotten): void {
  context.timers.set(key, context.nowMs + riskMemoryMs, row)
}

function forget (context: ProcessorContext, timer: TimerInfo): void {
  if (timer.payload === 'command') context.store(riskProcessedStore).delete(timer.key)
  else context.store(assessedStore).delete(timer.key)
}
