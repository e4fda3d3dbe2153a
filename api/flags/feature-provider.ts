import {
  ErrorCode, type EvaluationContext, type JsonValue, OpenFeatureEventEmitter, type Provider, ProviderEvents, type ResolutionDetails, StandardResolutionReasons
} from '@openfeature/server-sdk'
import { type FlagKind } from '#schemas'
import { type Evaluation, evaluateFlag } from '../../topology/flags/evaluate-flag.ts'
import { type FlagTable } from './ports.ts'

const reasons = {
  static: StandardResolutionReasons.STATIC,
  rule: StandardResolutionReasons.TARGETING_MATCH,
  split: StandardResolutionReasons.SPLIT,
  default: StandardResolutionReasons.DEFAULT
} as const satisfies Record<Extract<Evaluation, { kind: 'given' }>['why'], string>

/**
 * The flags of the platform as a provider of OpenFeature. It is ready when the table is whole, stale while the log does not answer, and ready again when it
 * does; each change of a flag is told. An evaluation never throws and never waits: an error is an error code beside the value that the caller falls
 * back to.
 */
export class FeatureProvider implements Provider {
  readonly metadata = { name: 'commerce-flags' } as const
  readonly runsOn = 'server'
  readonly events = new OpenFeatureEventEmitter()
  readonly #table: FlagTable
  readonly #stop: () => void
  #isClosed = false

  constructor (table: FlagTable) {
    this.#table = table
    let wasStale = false
    this.#stop = table.listen(news => {
      if (news.kind === 'changed') {
        if (table.state !== 'reading') this.events.emit(ProviderEvents.ConfigurationChanged, { flagsChanged: [...news.names] })
        return
      }
      if (news.state === 'stale') this.events.emit(ProviderEvents.Stale, { message: 'the log does not answer' })
      // The first time is told by the SDK, when `initialize` resolves.
      else if (wasStale) this.events.emit(ProviderEvents.Ready)
      wasStale = news.state === 'stale'
    })
  }

  async initialize (): Promise<void> {
    try {
      await this.#table.whole()
    } catch (error) {
      // Who closes it does not wait for it any more.
      if (!this.#isClosed) throw error
    }
  }

  /** Stops listening; the table is its owner's to close. */
  async onClose (): Promise<void> {
    this.#isClosed = true
    this.#stop()
  }

  async resolveBooleanEvaluation (name: string, fallback: boolean, context: EvaluationContext): Promise<ResolutionDetails<boolean>> {
    return this.#resolve('boolean', name, fallback, context)
  }

  async resolveStringEvaluation (name: string, fallback: string, context: EvaluationContext): Promise<ResolutionDetails<string>> {
    return this.#resolve('string', name, fallback, context)
  }

  async resolveNumberEvaluation (name: string, fallback: number, context: EvaluationContext): Promise<ResolutionDetails<number>> {
    return this.#resolve('number', name, fallback, context)
  }

  async resolveObjectEvaluation<T extends JsonValue> (name: string, fallback: T, context: EvaluationContext): Promise<ResolutionDetails<T>> {
    return this.#resolve('object', name, fallback, context)
  }

  #resolve<T> (kind: FlagKind, name: string, fallback: T, context: EvaluationContext): ResolutionDetails<T> {
    const fail = (errorCode: ErrorCode, errorMessage: string): ResolutionDetails<T> => {
      return { value: fallback, reason: StandardResolutionReasons.ERROR, errorCode, errorMessage }
    }
    if (this.#table.state === 'reading') return fail(ErrorCode.PROVIDER_NOT_READY, 'the flags are being read')
    const row = this.#table.get(name)
    if (row === undefined) return fail(ErrorCode.FLAG_NOT_FOUND, `there is no flag ${name}`)
    const { flag, version } = row
    if (flag.kind !== kind) return fail(ErrorCode.TYPE_MISMATCH, `the flag ${name} is of kind ${flag.kind}, not ${kind}`)
    const flagMetadata = { version, experiment: flag.experiment }
    try {
      const found = evaluateFlag(flag, context)
      switch (found.kind) {
        case 'off': return { value: fallback, reason: StandardResolutionReasons.DISABLED, flagMetadata }
        case 'keyless': return fail(ErrorCode.TARGETING_KEY_MISSING, `the flag ${name} is split over subjects, and the targeting key is missing`)
        case 'given': return { value: found.value as T, reason: reasons[found.why], flagMetadata, ...found.variant === undefined ? {} : { variant: found.variant } }
      }
    } catch (error) {
      return fail(ErrorCode.PARSE_ERROR, error instanceof Error ? error.message : String(error))
    }
  }
}
