import { defineSink, type SinkDef, type TopicDef } from '../../streams/index.ts'

/** A sink whose target is never called. */
export function defineEffectlessSink (topics: readonly TopicDef[]): SinkDef {
  const never = async (): Promise<never> => { throw new Error('not called') }
  const target = { name: 'memory', check: never, cut: () => 1, place: () => '', freeze: never, insert: never, count: never, bounds: never, clear: never }
  return defineSink({ name: 'archive', topics, target, maxRows: 1, maxBytes: 1, maxWaitMs: 1 })
}
