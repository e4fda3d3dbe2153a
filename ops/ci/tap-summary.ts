import { Transform, type TransformCallback } from 'node:stream'
import { Parser, type Result } from 'tap-parser'

/**
 * tap reporter: passes raw TAP through and ends with what was skipped and why, what failed, where and by what difference, and, alone on
 * the last line, `N passed, N failed, N skipped`.
 *
 * Counted are leaf asserts. A test or file without any counts as one pass, failure or skip, and so does one that fails without a
 * failing assert below it (crash, timeout, bail-out, missing plan).
 */
export default class TapSummary extends Transform {
  readonly #root = new Parser()
  readonly #tally = new Tally()

  constructor () {
    super()
    this.#watch(this.#root)
  }

  #watch (parser: Parser): void {
    let before = { total: 0, failed: 0 }
    parser.on('child', (child: Parser) => {
      before = { total: this.#tally.total, failed: this.#tally.failed.length }
      this.#watch(child)
    })
    parser.on('assert', (result: Result) => {
      const saidBelow = result.ok ? this.#tally.total > before.total : this.#tally.failed.length > before.failed
      if (!result.closingTestPoint || !saidBelow) this.#tally.add(result)
    })
    parser.on('bailout', (reason: string) => { if (parser === this.#root) this.#tally.failed.push(`failed: bailed out: ${reason}`) })
  }

  override _transform (chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#root.write(chunk.toString())
    done(null, chunk)
  }

  override _flush (done: TransformCallback): void {
    this.#root.end()
    done(null, this.#tally.text())
  }
}

/** The three counts, with the names behind the failures and the skips. */
class Tally {
  #passed = 0
  /** A failure each: its name, and what is known of it below. */
  readonly failed: string[] = []
  #skips = 0
  readonly #skipped = new Map<string, number>()

  get total (): number {
    return this.#passed + this.failed.length + this.#skips
  }

  add (result: Result): void {
    const skip = result.skip || result.todo
    if (skip !== false) {
      const line = `${nameOf(result)}: ${skip === true || skip === '' ? 'no reason given' : skip}`
      this.#skipped.set(line, (this.#skipped.get(line) ?? 0) + 1)
      this.#skips++
    } else if (!result.ok) this.failed.push([`failed: ${nameOf(result)}`, ...detailsOf(result)].join('\n  '))
    else this.#passed++
  }

  text (): string {
    const lines = [
      ...[...this.#skipped].map(([line, times]) => `skipped: ${line}${times > 1 ? ` (${times} times)` : ''}`),
      ...this.failed,
      `${this.#passed} passed, ${this.failed.length} failed, ${this.#skips} skipped`
    ]
    return `${lines.join('\n')}\n`
  }
}

function nameOf (result: Result): string {
  const { expired } = (result.diag ?? {}) as { expired?: unknown }
  return typeof expired === 'string' ? `${expired} > ${result.name}` : result.fullname || result.name
}

/** More of a difference than this hides the next failure. */
const longestDiff = 30

/** Where it failed, and how what was found differs from what was wanted. */
function detailsOf (result: Result): string[] {
  const { at, diff } = (result.diag ?? {}) as { at?: { fileName?: unknown, lineNumber?: unknown }, diff?: unknown }
  const place = typeof at?.fileName === 'string' ? [`at ${at.fileName}:${String(at.lineNumber)}`] : []
  return typeof diff === 'string' ? [...place, ...diff.trimEnd().split('\n').slice(0, longestDiff)] : place
}
