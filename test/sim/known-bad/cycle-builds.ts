import { type KnownBad } from './edit-sources.ts'

/** Builds that break what happens inside a cycle. */
export const cycleBuilds = {
  'no-savepoint': {
    what: 'what a failed record wrote stays (A5)',
    edits: [{
      file: 'streams/runtime/rows.ts',
      find: 'for (let entry = this.#undo.pop(); entry !== undefined; entry = this.#undo.pop()) {',
      put: 'for (let entry; entry !== undefined;) {'
    }]
  },
  'dead-letter-outside': {
    what: 'dead letters are sent before the transaction, and not in it (R7)',
    edits: [{
      file: 'streams/runtime/session.ts',
      find: 'const records: OutgoingRecord[] = this.#context.outputs.concat(changes.records)\n',
      put: `const isLetter = output => output.topic === this.#task.options.deadLetterTopic
      const letters = this.#context.outputs.filter(isLetter)
      if (letters.length > 0) await this.#task.kafka.producer().send(letters)
      const records = this.#context.outputs.filter(output => !isLetter(output)).concat(changes.records)
`
    }]
  },
  'timers-before-inputs': {
    what: 'due timers fire before the inputs are consumed that were there when they became due (A15)',
    edits: [{ file: 'streams/time/timers.ts', find: 'if (consumed(topic) < end) return undefined', put: 'if (false) return undefined' }]
  },
  'timer-index-unmerged': {
    what: 'whether a timer fires is decided without the writes of the running cycle (A4)',
    edits: [{ file: 'streams/runtime/dispatcher.ts', find: 'const bytes = this.#timerRows.get(key)', put: 'const bytes = this.#timerRows.committed(key)' }]
  },
  'context-time-forgotten': {
    what: 'a new owner does not go on at the context time of the one before it (D5)',
    edits: [{ file: 'streams/runtime/session.ts', find: 'this.#contextTimeMs = acquired.progress.contextTimeMs', put: 'this.#contextTimeMs = 0' }]
  },
  'clock-uncorrected': {
    what: 'timers go by the clock of the process, not by the one of the broker (D5)',
    edits: [
      { file: 'streams/runtime/session.ts', find: 'return this.#task.clock.now() + this.#skewMs', put: 'return this.#task.clock.now()' },
      { file: 'streams/runtime/session.ts', find: 'this.#parked.nextDueMs) - this.#skewMs', put: 'this.#parked.nextDueMs)' }
    ]
  },
  'release-without-fence': {
    what: 'a cancellation that finds nothing leaves nothing behind, and its order comes later (A9; in the workload, not in the runtime)',
    edits: [{
      file: 'test/sim/workload.ts',
      find: '} else if (context.store(fired).get(id) === undefined) context.store(fences).put(id, true)\n      else return',
      put: '} else return'
    }]
  }
} as const satisfies Readonly<Record<string, KnownBad>>
