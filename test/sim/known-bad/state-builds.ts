import { type KnownBad } from './edit-sources.ts'

const data = 'streams/state/memory/task-data.ts'

/** Builds that break what is stored, claimed or believed of the state. */
export const stateBuilds = {
  'no-state-fence': {
    what: 'the state does not check the owner token: neither claims nor applies are refused (R2)',
    edits: [
      { file: data, find: "if (stored?.token !== request.token || stored.incarnation !== request.incarnation) return 'lost'", put: "if (stored === null) return 'lost'" },
      { file: data, find: 'return stored.token < token && stored.position <= token', put: 'return true' }
    ]
  },
  'refused-claim-wipes': {
    what: 'a refused claim is taken for a log that went back, without a second ownership record: a zombie wipes the state of the live owner (A6)',
    edits: [{ file: 'streams/runtime/acquire.ts', find: 'const again = await own()', put: 'const again = owned' }]
  },
  'no-position-check': {
    what: 'the state takes an apply whatever it holds, so an apply fills up a hole that a failover left (R5)',
    edits: [{ file: data, find: "if (stored.position === request.expectedPosition) return 'applied'", put: "return 'applied'" }]
  },
  'apply-before-commit': {
    what: 'rows are written to the state before their transaction is committed (R1)',
    edits: [
      {
        file: 'streams/runtime/session.ts',
        find: 'const committed = await this.#commit(',
        put: `if (this.kept !== undefined) {
        const { position } = this.#applier
        this.#applier.send({ ...this.kept, position, sequence: this.#sequence, nowMs: clock.now(), writes: changes.writes, timers: [], restoring: false }, 0)
      }
      const committed = await this.#commit(`
      },
      { file: 'streams/runtime/session.ts', find: 'const startedMs = performance.now()\n', put: 'const startedMs = performance.now()\n    const { clock } = this.#task\n' },
      { file: 'streams/runtime/session.ts', find: 'this.#sequence++\n', put: 'this.#sequence++\n    this.kept = { progress, progressOffset: offsets.last }\n' }
    ]
  },
  'unfenced-read': {
    what: 'the answer of a read is used whatever state it comes from (A1)',
    edits: [{ file: 'streams/runtime/applier.ts', find: 'if (meta !== null && meta.token', put: 'if (true || meta !== null && meta.token' }]
  },
  'progress-not-checked': {
    what: 'a restore does not ask whether the log still holds the progress that the state was built from (R5)',
    edits: [{ file: 'streams/runtime/restorer.ts', find: 'return !this.#isOtherLog && this.#met !== undefined && this.#met >= this.#mustMeet', put: 'return true' }]
  },
  'rewritten-log-trusted': {
    what: 'a restore does not ask whether what was applied is still what lies there: a log that lost its tail and went on is taken for the old one (R5)',
    edits: [{ file: 'streams/runtime/restorer.ts', find: 'return !this.#isOtherLog && ', put: 'return ' }]
  },
  'retention-ignored': {
    what: 'state is brought up to date from the log, however long tombstones have been gone (R5)',
    edits: [{ file: 'streams/runtime/acquire.ts', find: 'ageMs > options.deleteRetentionMs)', put: 'false)' }]
  },
  'acquire-keeps-caches': {
    what: 'an Acquire goes on with the rows that an earlier one left in memory (A3)',
    edits: [
      {
        file: 'streams/runtime/session-parts.ts',
        find: 'const rows = new Rows({',
        put: 'const kept = (task.caches.kept ??= new Map())\n  const rows = kept.get(node.name + partition) ?? new Rows({'
      },
      {
        file: 'streams/runtime/session-parts.ts',
        find: 'const parked = new ParkedKeys(',
        put: 'rows.reset()\n  kept.set(node.name + partition, rows)\n  const parked = new ParkedKeys('
      },
      { file: 'streams/runtime/rows.ts', find: 'for (const store of this.stores.values()) store.cache.close()', put: '' }
    ]
  },
  'late-prefetch': {
    what: 'a row that was read before the cycle wrote it goes into the row cache after it (A3)',
    edits: [{
      file: 'streams/runtime/rows.ts',
      find: '    this.overlay.clear()\n',
      put: '    for (const [key, row] of this.prefetched) this.cache.set(key, row)\n    this.overlay.clear()\n'
    }]
  }
} as const satisfies Readonly<Record<string, KnownBad>>
