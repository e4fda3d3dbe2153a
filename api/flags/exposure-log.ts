import { type BaseHook, type EvaluationContext, type EvaluationDetails, type FlagValue, type Hook, type HookContext, StandardResolutionReasons } from '@openfeature/server-sdk'
import { type RecordExposure } from '#schemas'
import { type Logger, silentLogger } from '../../streams/diagnostics.ts'
import { type Clock } from '../../streams/time/clock.ts'
import { commandId, defaultTenant } from '../../topology/envelope.ts'
import { type BehaviourLog } from '../ports.ts'

export interface ExposureLogOptions {
  readonly log: BehaviourLog
  readonly clock: Pick<Clock, 'now'>
  readonly logger?: Logger
  /** Exposures that are remembered as told; then the oldest are forgotten, and told again when they come again. @default 100000 */
  readonly memory?: number
}

/** Attributes by which an evaluation says what its subject is, and what it is for. Neither is a thing to target by. */
export const unitAttribute = 'commerce.unit'
export const surfaceAttribute = 'commerce.surface'

export type ExposureUnit = 'session' | 'customer'

/** An exposure is told once in such a time, ms: a day, by UTC. */
const windowMs = 86_400_000

/** The same for the same experiment, variant and subject on the same day (UTC), whichever process tells it. */
export function exposureIdOf (experiment: string, variant: string, unit: string, subject: string, atMs: number): string {
  return commandId('exposure', experiment, variant, unit, subject, String(Math.floor(atMs / windowMs)))
}

/**
 * A hook that tells who was given which variant of an experiment, by lot or by rule. It neither delays nor fails the evaluation: what cannot be written is
 * logged and told again at the next evaluation. What another process tells as well, or what is told again after a restart, counts once: the
 * processor of behaviour knows the ids.
 */
export function createExposureHook ({ log, clock, logger = silentLogger, memory = 100_000 }: ExposureLogOptions): Hook {
  const told = new Set<string>()

  function tell (exposure: RecordExposure): void {
    const { exposureId, experiment } = exposure
    if (told.has(exposureId)) return
    told.add(exposureId)
    if (told.size > memory) told.delete(told.values().next().value as string)
    const forget = (error: unknown): void => {
      told.delete(exposureId)
      logger.warn({ err: error, experiment }, 'an exposure could not be written; it is told when its subject asks again')
    }
    log.append([exposure]).catch(forget)
  }

  return {
    after (asked: Readonly<HookContext<FlagValue>>, found: EvaluationDetails<FlagValue>) {
      const exposure = exposureOf(asked.context, found, clock.now())
      if (exposure !== undefined) tell(exposure)
    }
  } satisfies BaseHook
}

/** What an evaluation exposed its subject to; undefined = nothing: it is no experiment, or the subject takes no part. */
function exposureOf (context: EvaluationContext, found: EvaluationDetails<FlagValue>, at: number): RecordExposure | undefined {
  const { targetingKey: subject } = context
  const { flagKey: experiment, variant, reason, flagMetadata } = found
  const takesPart = reason === StandardResolutionReasons.SPLIT || reason === StandardResolutionReasons.TARGETING_MATCH
  if (flagMetadata['experiment'] !== true || !takesPart || variant === undefined || subject === undefined || subject === '') return undefined
  const unit = context[unitAttribute] === 'customer' ? 'customer' : 'session'
  const surface = context[surfaceAttribute]
  const exposureId = exposureIdOf(experiment, variant, unit, subject, at)
  return {
    type: 'RecordExposure',
    meta: { commandId: exposureId, bodyHash: null, issuedAt: at, correlationId: exposureId, principal: null, tenant: defaultTenant },
    exposureId,
    experiment,
    variant,
    subject,
    unit,
    reason,
    flagVersion: Number(flagMetadata['version'] ?? 0),
    context: typeof surface === 'string' ? surface : '',
    at
  }
}
