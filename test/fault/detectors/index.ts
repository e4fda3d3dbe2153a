import { type Evidence } from '../evidence/evidence.ts'
import { acknowledgedIsLogged } from './acknowledged-is-logged.ts'
import { analyticsIsLog } from './analytics-is-log.ts'
import { effectsOnce } from './effects-once.ts'
import { everyInputHasOneEnd } from './every-input-has-one-end.ts'
import { foldOfInput } from './fold-of-input.ts'
import { money } from './money.ts'
import { noHangingTransaction } from './no-hanging-transaction.ts'
import { oneOutcome } from './one-outcome.ts'
import { recoversInTime } from './recovers-in-time.ts'
import { stateIsLog } from './state-is-log.ts'
import { stock } from './stock.ts'
import { type Detector, type Invariant, type Verdict, invariants } from './verdict.ts'

export { type Detector, type Invariant, type Verdict, invariants } from './verdict.ts'

/** Who judges what. */
export const detectors: Readonly<Record<Invariant, Detector>> = {
  I1: oneOutcome,
  I2: money,
  I3: stock,
  I4: effectsOnce,
  I5: foldOfInput,
  I6: noHangingTransaction,
  I7: stateIsLog,
  I8: analyticsIsLog,
  I9: everyInputHasOneEnd,
  I10: acknowledgedIsLogged,
  I11: recoversInTime
}

/** What each invariant says, in a few words. */
export const meanings: Readonly<Record<Invariant, string>> = {
  I1: 'each accepted order comes to exactly one end',
  I2: 'money: authorised = captured + voided, ours = the provider\'s, to the 1/10,000',
  I3: 'stock: opening + in - out = on hand + sold, never below zero',
  I4: 'each effect happens once, by the provider\'s own journal',
  I5: 'outputs = what the consumed input leads to, each once, in the order of its key',
  I6: 'no transaction hangs',
  I7: 'the state is the fold of its changelog, row for row',
  I8: 'analytics hold each record as one row, and roll up to the same',
  I9: 'dead letters and what was processed are together the input, and nothing is in both',
  I10: 'what the API acknowledged is in the log, and a key means one order',
  I11: 'it goes on in time, and its readiness is true'
}

/** Every verdict on some evidence. */
export function judge (evidence: Evidence): Readonly<Record<Invariant, Verdict>> {
  return Object.fromEntries(invariants.map(name => [name, detectors[name](evidence)])) as Record<Invariant, Verdict>
}
