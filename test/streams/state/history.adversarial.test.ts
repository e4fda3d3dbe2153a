import fc from 'fast-check'
import { test } from 'tap'
import { isStreamsError } from '../../../streams/errors.ts'
import { encodeOwnership, encodeProgress, OWNER_KEY, PROGRESS_KEY } from '../../../streams/state/changelog.ts'
import { type AsOf, HistoryScan, lookBack } from '../../../streams/state/history-scan.ts'

interface Entry { readonly offset: bigint, readonly timestampMs: number, readonly key: Buffer, readonly value: Buffer | null }
/** A changelog as it was written, and the state at the end of each cycle. */
interface Written {
  readonly entries: readonly Entry[]
  readonly truth: ReadonlyArray<{ readonly position: bigint, readonly atMs: number, readonly rows: ReadonlyMap<string, string> }>
  readonly end: bigint
}

type Step =
  | { readonly kind: 'cycle', readonly writes: ReadonlyArray<readonly [key: string, value: number | null]>, readonly afterMs: number }
  /** Another owner; perhaps after a transaction that was aborted, of which only offsets are left. */
  | { readonly kind: 'owner', readonly aborted: number }

const key = fc.constantFrom('a', 'b', 'c', 'd')
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('cycle' as const),
      writes: fc.uniqueArray(fc.tuple(key, fc.option(fc.nat(99))), { selector: ([key]) => key, maxLength: 4 }),
      afterMs: fc.constantFrom(0, 1, 5)
    })
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('owner' as const), aborted: fc.nat(3) }) }
)
/** Passes of the cleaner while it is read, too: where in the log they end, and whether they drop tombstones that are old enough. */
const pass = fc.record({ until: fc.nat(1000), dropsTombstones: fc.boolean(), afterRecords: fc.nat(40) })

function write (steps: readonly Step[]): Written {
  const entries: Entry[] = []
  const truth: Array<Written['truth'][number]> = []
  let rows = new Map<string, string>()
  let offset = 0n
  let timestampMs = 1000
  let sequence = 0n
  const append = (key: Buffer, value: Buffer | null): void => { entries.push({ offset: offset++, timestampMs, key, value }) }
  const endCycle = (): void => {
    append(PROGRESS_KEY, encodeProgress({ sequence: ++sequence, contextTimeMs: 0, offsets: new Map() }))
    truth.push({ position: offset, atMs: timestampMs, rows })
    offset++
  }
  endCycle()
  for (const step of steps) {
    if (step.kind === 'owner') {
      offset += step.aborted === 0 ? 0n : BigInt(step.aborted + 1)
      append(OWNER_KEY, encodeOwnership({ incarnation: 'x', instance: 'y', timeMs: 0 }))
      offset++
      continue
    }
    timestampMs += step.afterMs
    rows = new Map(rows)
    for (const [key, value] of step.writes) {
      append(Buffer.from(`s/store/${key}`), value === null ? null : Buffer.from(String(value)))
      append(Buffer.from(`s/other/${key}`), Buffer.from('x'))
      if (value === null) rows.delete(key)
      else rows.set(key, String(value))
    }
    endCycle()
  }
  return { entries, truth, end: offset }
}

/** What the cleaner leaves: below `until` the last record of each key, everything from there on. */
function clean (entries: readonly Entry[], until: bigint, dropsTombstones: boolean): Entry[] {
  const last = new Map<string, bigint>()
  for (const { offset, key } of entries) if (offset < until) last.set(String(key), offset)
  return entries.filter(({ offset, key, value }) => offset >= until || (last.get(String(key)) === offset && !(dropsTombstones && value === null)))
}

interface Outcome { readonly rows?: string, readonly position?: bigint, readonly oldest?: bigint | string }

interface Pass { readonly until: number, readonly dropsTombstones: boolean, readonly afterRecords: number }

/** Asks as `createStateHistory` does, of a log that is cleaned after so many records were read. */
async function ask (log: Written, passes: readonly Pass[], asOf: AsOf, key?: string): Promise<Outcome> {
  let entries = [...log.entries]
  let records = 0
  const left = [...passes].sort((a, b) => a.afterRecords - b.afterRecords)
  const read = async (scan: HistoryScan): Promise<void> => {
    let position = 0n
    while (!scan.isDone) {
      for (let pass = left[0]; pass !== undefined && pass.afterRecords <= records; pass = left[0]) {
        // Tombstones stay for longer than a read takes: only a pass before it may drop them.
        entries = clean(entries, BigInt(pass.until) % (log.end + 1n), pass.dropsTombstones && records === 0)
        left.shift()
      }
      const next = entries.find(({ offset }) => offset >= position)
      if (next === undefined) return scan.end()
      position = next.offset + 1n
      records++
      scan.take(next)
    }
  }
  try {
    const { rows, moment } = await lookBack(asOf => new HistoryScan({ store: 'store', key, asOf, limitBytes: 1e9 }), asOf, read)
    return { rows: JSON.stringify([...rows].filter(([, row]) => row !== null).map(([key, row]) => [key, String(row)]).sort()), position: moment.position }
  } catch (error) {
    if (isStreamsError(error, 'STR_HISTORY_TOO_OLD')) return { oldest: error.context['oldestPosition'] as bigint | string | undefined ?? 'ask again' }
    throw error
  }
}

function wanted (log: Written, asOf: AsOf, key?: string): Outcome {
  const cycle = log.truth.findLast(({ position, atMs }) => 'position' in asOf ? position <= asOf.position : atMs <= asOf.timeMs)
  if (cycle === undefined) return {}
  return { rows: JSON.stringify([...cycle.rows].filter(([name]) => key === undefined || name === key).sort()), position: cycle.position }
}

const RUNS = Number(process.env['ADVERSARIAL_RUNS'] ?? 8000)

test('history answers what was, or names a moment that it can answer, however the log was cleaned before and meanwhile', async t => {
  let answered = 0
  let refused = 0
  await fc.assert(fc.asyncProperty(
    fc.array(step, { maxLength: 14 }), fc.array(pass, { maxLength: 3 }), fc.nat(60), fc.option(key, { nil: undefined }), fc.boolean(),
    async (steps, passes, at, key, isByTime) => {
      const log = write(steps)
      const asOf = isByTime ? { timeMs: 1000 + at } : { position: BigInt(at) }
      const before = passes.map(pass => ({ ...pass, afterRecords: 0 }))
      const found = await ask(log, passes, asOf, key)
      if (found.oldest === undefined) {
        answered++
        const { rows, position } = wanted(log, asOf, key)
        if (found.rows !== rows || found.position !== position) throw new Error(`${String(found.rows)} at ${found.position}, not ${String(rows)} at ${position}`)
      } else if (typeof found.oldest === 'bigint') {
        refused++
        const again = await ask(log, before, { position: found.oldest }, key)
        if (again.oldest === undefined && again.rows !== wanted(log, { position: found.oldest }, key).rows) throw new Error('the named moment is answered wrongly')
        if (passes.every(pass => pass.afterRecords === 0) && again.oldest !== undefined) throw new Error('the named moment cannot be answered')
      } else if (passes.every(pass => pass.afterRecords === 0)) throw new Error('the end of a log that stands still can always be answered')
      const end = await ask(log, before, { position: log.end }, key)
      if (end.rows !== wanted(log, { position: log.end }, key).rows) throw new Error('the present is not answered')
    }), { numRuns: RUNS })
  t.ok(answered > RUNS / 10 && refused > RUNS / 20, `${answered} answered, ${refused} refused`)
})

test('history answers every moment of a log that was never cleaned', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 14 }), fc.nat(80), fc.boolean(), async (steps, at, isByTime) => {
    const log = write(steps)
    const asOf = isByTime ? { timeMs: 1000 + at } : { position: BigInt(at) }
    const { rows, position } = wanted(log, asOf)
    const found = await ask(log, [], asOf)
    if (position === undefined && found.oldest !== 1n) throw new Error('before its beginning there was no state')
    const isRight = position === undefined || (found.rows === rows && found.position === position)
    if (!isRight) throw new Error(`${String(found.rows)} at ${found.position}, not ${String(rows)} at ${position}`)
  }), { numRuns: 500 })
})
