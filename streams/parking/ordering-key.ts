import { createHash } from 'node:crypto'
import { type ProcessorDef, type TimerInfo } from '../processor.ts'
import { type TypedValue } from '../serde/serde.ts'
import { type LaneRef } from './lane.ts'

/** Longer keys are parked under their hash: rows, events and commands stay small. Units of UTF-16. */
const LONGEST_KEY = 512

/** Says which lane of which key the inputs of a processor belong to. */
export class OrderingKeys {
  readonly #def: ProcessorDef
  readonly #compensations: ReadonlySet<string>

  constructor (def: ProcessorDef) {
    this.#def = def
    this.#compensations = new Set(def.inputs.filter(input => input.compensates === true).map(input => input.topic.name))
  }

  /** Without a value (it does not decode) the record key counts. */
  ofRecord (topic: string, value: TypedValue | undefined, key: string): LaneRef {
    const { record } = this.#def.ordering ?? {}
    const declared = record === undefined || value === undefined ? undefined : () => record(value, key)
    return { lane: this.#compensations.has(topic) ? 'compensation' : 'ordinary', key: keyOf(key, declared) }
  }

  ofTimer (timer: TimerInfo): LaneRef {
    const { timer: ofTimer, timerCompensates } = this.#def.ordering ?? {}
    const lane = attempt(() => timerCompensates?.(timer)) === true ? 'compensation' : 'ordinary'
    return { lane, key: keyOf(timer.key, ofTimer && (() => ofTimer(timer))) }
  }

  ofEffect (effect: string, key: string): LaneRef {
    const { effect: ofEffect } = this.#def.ordering ?? {}
    return { lane: 'ordinary', key: keyOf(key, ofEffect && (() => ofEffect(effect, key))) }
  }
}

function keyOf (fallback: string, declared: (() => string) | undefined): string {
  const key = (declared === undefined ? undefined : attempt(declared)) ?? fallback
  return key.length > LONGEST_KEY ? `sha256-${createHash('sha256').update(key).digest('hex')}` : key.toWellFormed()
}

function attempt<T> (declared: () => T): T | undefined {
  try {
    return declared()
  } catch {
    return undefined
  }
}
