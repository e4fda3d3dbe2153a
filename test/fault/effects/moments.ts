/** Steps of an effect, in order: a process is killed at each. `given` is known to the provider alone, all others to the process itself. */
export const moments = [
  'taken', 'accept sent', 'accepted', 'applied', 'called', 'given', 'answered', 'finish sent', 'finished', 'finish applied'
] as const
export type Moment = (typeof moments)[number]

/** What a moment is, for people. */
export const momentTexts: Readonly<Record<Moment, string>> = {
  taken: 'its handler has seen the request, nothing is written',
  'accept sent': 'the transaction that accepts it is about to be sent',
  accepted: 'it is accepted, and Redis does not know',
  applied: 'it is accepted, and Redis knows',
  called: 'the call is about to be made',
  given: 'the provider has it, and has not answered',
  answered: 'the provider has answered, nothing is written of it',
  'finish sent': 'the transaction that finishes it is about to be sent',
  finished: 'it is finished, and Redis does not know',
  'finish applied': 'it is finished, and Redis knows'
}

/** What a delivery is worth when an answer is lost: the policy of the channel that it goes through. */
export type Promised = 'once' | 'atLeastOnce' | 'atMostOnce'

/** How often the provider has it, and what is on record of it. */
export interface Verdict { readonly times: number, readonly record: 'done' | 'perhaps twice' | 'in doubt' | 'nothing' }

const done = { times: 1, record: 'done' } as const
/** An open effect that is found by a new owner may have been called: nobody but the provider knows. */
const foundOpen: Readonly<Record<Promised, readonly [unsent: Verdict, sent: Verdict]>> = {
  once: [done, done],
  atLeastOnce: [{ times: 1, record: 'perhaps twice' }, { times: 2, record: 'perhaps twice' }],
  atMostOnce: [{ times: 0, record: 'in doubt' }, { times: 1, record: 'in doubt' }]
}

/** What must come of an effect whose process was killed at that moment, and started again. */
export function expected (moment: Moment, promised: Promised): Verdict {
  if (moment === 'taken' || moment === 'accept sent' || moment === 'finished' || moment === 'finish applied') return done
  const [unsent, sent] = foundOpen[promised]
  return moment === 'accepted' || moment === 'applied' || moment === 'called' ? unsent : sent
}
