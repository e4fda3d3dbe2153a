import { type KnownBad } from './edit-sources.ts'

/** Builds that break how rows come into the target of a sink. */
export const sinkBuilds = {
  'plan-skipped': {
    what: 'ranges are inserted without being planned',
    edits: [{ file: 'streams/sink/acquire.ts', find: 'value: encodePlan(plan)', put: 'value: encodePlan({ ...plan, ranges: [] })' }]
  },
  'token-without-end': {
    what: 'the token of a plan does not name the offsets of its range: two plans of one place are taken for one',
    edits: [{
      file: 'streams/sink/plan.ts',
      find: "'from' | 'to' | 'salt'>): string {\n",
      put: "'from' | 'to' | 'salt'>): string {\n  from = to = 0n\n"
    }]
  },
  'open-range-trusted': {
    what: 'a range that Acquire finds open is taken for inserted',
    edits: [{ file: 'streams/sink/task.ts', find: 'await session.settle()', put: '' }]
  },
  'zombie-judges': {
    what: 'who finds other rows in the target than its plan says stops at once, without owning the task again: also a zombie whose successor wrote them',
    edits: [{ file: 'streams/sink/acquire.ts', find: "if (checks.some(({ verdict }) => verdict !== 'agrees')) await own()", put: '' }]
  },
  'window-of-three': {
    what: 'the target remembers three tokens only',
    edits: [{ file: 'streams/sink/memory-target.ts', find: 'options.window ?? 100_000', put: '3' }]
  }
} as const satisfies Readonly<Record<string, KnownBad>>
