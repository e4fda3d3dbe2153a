import { type KnownBad } from './edit-sources.ts'

const unit = 'streams/kafka/memory/transaction-unit.ts'
const isOwnership = '(value[0] === 1 && value[1] === 0x7b)'

/** One key for ownership and progress: told apart by their bytes, but not by the cleaner. */
const oneKey = [
  { file: 'streams/state/changelog.ts', find: "Buffer.from('owner')", put: "Buffer.from('progress')" },
  {
    file: 'streams/runtime/restorer.ts',
    find: 'if (record.value !== null) this.#takeProgress',
    put: `const { value } = record; if (value !== null && !${isOwnership}) this.#takeProgress`
  },
  {
    file: 'streams/sink/acquire.ts',
    find: "if (record.value !== null && parseChangelogKey(record.key).kind === 'progress')",
    put: `const { value } = record; if (value !== null && !${isOwnership} && parseChangelogKey(record.key).kind === 'progress')`
  },
  {
    file: 'streams/runtime/initialise.ts',
    find: 'if (record.key !== null && PROGRESS_KEY.equals(record.key) && record.value !== null) newest',
    put: `const { value } = record; if (value !== null && !${isOwnership} && PROGRESS_KEY.equals(record.key)) newest`
  }
]

/** Builds that break what is written to the log, or what is read of it. */
export const logBuilds = {
  'no-producer-fence': {
    what: 'each process has transactional ids of its own: InitProducerId fences nobody',
    edits: ['streams/runtime/task.ts', 'streams/sink/task.ts'].map(file => ({
      file, find: 'topology.applicationId, node.name, partition), timeoutMs', put: 'topology.applicationId, node.name, partition) + context.instance, timeoutMs'
    }))
  },
  'end-txn-retried': {
    what: 'EndTxn is sent again on the same epoch when its answer does not come',
    edits: [{
      file: unit,
      find: "await this.#link.call({ api: 'endTxn', transactionalId }, () => { broker.transactions.endTransaction(identity, 'commit') })",
      put: `for (let tries = 0; ; tries++) {
        try {
          await this.#link.call({ api: 'endTxn', transactionalId }, () => { broker.transactions.endTransaction(identity, 'commit') })
          break
        } catch (error) {
          if (error.code !== 'NETWORK' || tries === 5) throw error
          await broker.clock.sleep(RETRY_MS)
        }
      }`
    }]
  },
  'epoch-kept': {
    what: 'after a definite error of Produce the transaction is aborted, its numbers are taken back, and the epoch is used on (A2)',
    edits: [
      { file: unit, find: "this.#state = 'committing'\n", put: "this.#state = 'committing'\n    const numbers = [...this.#sequences]\n" },
      { file: unit, find: "this.#require('init')\n", put: "if (this.isKept) { this.isKept = false; return }\n    this.#require('init')\n" },
      {
        file: unit,
        find: "this.#enter('ended')\n      throw translateTransactional",
        put: `this.#enter('ended')
      if (error.code === 'NOT_ENOUGH_REPLICAS') {
        this.#sequences.clear()
        for (const [key, number] of numbers) this.#sequences.set(key, number)
        const identity = this.#identity
        await this.#link.call({ api: 'endTxn', transactionalId: this.transactionalId }, () => { this.#link.broker.transactions.endTransaction(identity, 'abort') })
        this.isKept = true
        this.#enter('ready')
      }
      throw translateTransactional`
      }
    ]
  },
  'one-changelog-key': {
    what: 'ownership and progress have one key: compaction trades one for the other (A7)',
    edits: oneKey
  },
  'compacted-ownership': {
    what: 'the same, and a task that finds no progress starts anew instead of stopping (A7)',
    edits: [...oneKey, {
      file: 'streams/runtime/acquire.ts',
      find: 'const progress = restorer.progress\n',
      put: 'const progress = restorer.progress ?? { sequence: 0n, contextTimeMs: 0, offsets: new Map(options.inputs.map(input => [input, 0n])) }\n'
    }]
  },
  'group-offsets': {
    what: 'inputs resume from the offsets of the group, not from the progress record (C2, R3)',
    edits: [
      {
        file: 'streams/runtime/session-parts.ts',
        find: 'offsets: acquired.progress.offsets',
        put: 'offsets: new Map([...acquired.progress.offsets.keys()].map(topic => [topic, kafka.groupOffset(topology.applicationId, topic, partition)]))'
      },
      {
        file: 'streams/kafka/memory/client.ts',
        find: '  async #offsets (',
        put: `  groupOffset (groupId, topic, partition) {
    return this.#link.broker.committedOffsets(groupId).get(partitionKey(topic, partition)) ?? 0n
  }

  async #offsets (`
      }
    ]
  },
  'replay-to-asked-end': {
    what: 'a replay ends where the log ended when it was asked, before the fence, instead of at the own ownership record (A6, B2)',
    edits: [
      {
        file: 'streams/runtime/acquire.ts',
        find: 'await options.unit.init(options.signal)\n',
        put: `const ends = await options.kafka.highWatermarks([{ topic: options.changelog, partition: options.partition }])
  options.asked = [...ends.values()][0] - 1n
  await options.unit.init(options.signal)
`
      },
      { file: 'streams/runtime/acquire.ts', find: 'until: claim.token,', put: 'until: options.asked,' },
      { file: 'streams/state/restore.ts', find: 'if (isOwner) throw', put: 'if (false) throw' },
      { file: 'streams/state/restore.ts', find: 'if (!isOwnSeen) throw', put: 'if (false) throw' }
    ]
  },
  'dirty-restore': {
    what: 'a restore reads aborted records, too (R8)',
    edits: [{
      file: 'streams/kafka/memory/reader.ts',
      find: 'if (isVisible(entry)) this.#enqueue(entry)',
      put: "if (isVisible(entry) || (entry.kind === 'data' && this.topic.endsWith('-changelog'))) this.#enqueue(entry)"
    }]
  },
  'stray-handled': {
    what: 'a record that lies in another partition than its key says is handled where it lies (A12)',
    edits: [{ file: 'streams/runtime/item.ts', find: 'return home === partition ? -1 : home\n  }\n  const homes', put: 'return -1\n  }\n  const homes' }]
  }
} as const satisfies Readonly<Record<string, KnownBad>>
