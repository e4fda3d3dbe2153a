import { orderPhaseSymbols, outcomeCauseSymbols } from '#schemas'
import { outcomeEvents } from './order.ts'
import { type Reaction, orderPhases, stimuli } from './phases.ts'
import { rejectionCodes } from './price-order.ts'
import { listTransitions } from './states.ts'

const meanings: Readonly<Record<Reaction, string>> = {
  take: 'go on: the answer this phase waits for',
  undo: 'start to compensate; the stimulus is the cause',
  stop: 'ask shipping first what can still be stopped; what could be is compensated, the rest goes on',
  policy: 'what the order says (onShortage, onDecline): compensate, ask the customer, or wait for stock',
  note: 'write it down: it settles or adds to what is owed back; never applied',
  defer: 'the provider is not asked now: the step starts anew',
  repeat: 'changes nothing and is counted',
  forbid: 'the command is rejected with `state-forbids`',
  unexpected: 'nobody asked for it: dead letter with a reason'
}

/** docs/order-states.md: the life of an order, its saga and its rejections, written from the tables that are the code. */
export function describeOrderStates (): string {
  return [
    '# Order states',
    '',
    'Generated from `topology/orders/states.ts`, `phases.ts`, `order.ts` and `price-order.ts`. Do not edit.',
    '',
    '## State × event → state',
    '',
    'A pair that is not listed is an error with a reason. `Unborn` is the state before the first event.',
    '',
    ...table(['state', 'event', 'state after'], listTransitions().map(({ from, event, to }) => [from, event, to])),
    '',
    '```mermaid',
    'stateDiagram-v2',
    ...listTransitions().filter(({ from, to }) => from !== to).map(({ from, event, to }) => `  ${from === 'Unborn' ? '[*]' : from} --> ${to}: ${event}`),
    '```',
    '',
    '## Cause → outcome',
    '',
    ...table(['cause', 'event'], outcomeCauseSymbols.map(cause => [cause, outcomeEvents[cause]])),
    '',
    '## Saga: stimulus × phase → reaction',
    '',
    ...table(['stimulus', ...orderPhaseSymbols], stimuli.map(stimulus => [stimulus, ...orderPhaseSymbols.map(phase => orderPhases[phase][stimulus])])),
    '',
    ...table(['reaction', 'meaning'], Object.entries(meanings)),
    '',
    '## Rejections',
    '',
    ...table(['code', 'meaning'], Object.entries(rejectionCodes).map(([code, meaning]) => [`\`${code}\``, meaning])),
    ''
  ].join('\n')
}

function table (head: readonly string[], rows: ReadonlyArray<readonly string[]>): readonly string[] {
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`)
}
