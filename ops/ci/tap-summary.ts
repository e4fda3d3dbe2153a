import { Transform, type TransformCallback } from 'node:stream'
import { Parser, type Result } from 'tap-parser'

/** tap reporter: passes raw TAP through and ends with `N passed, N failed, N skipped`, counted over leaf asserts. */
export default class TapSummary extends Transform {
  readonly #root = new Parser()
  readonly #count = { passed: 0, failed: 0, skipped: 0 }

  constructor () {
    super()
    this.#watch(this.#root)
  }

  #watch (parser: Parser): void {
    let failedBefore = 0
    parser.on('child', (child: Parser) => {
      failedBefore = this.#count.failed
      this.#watch(child)
    })
    parser.on('assert', (result: Result) => {
      if (result.closingTestPoint) {
        // A file that crashes fails here with no failing leaf below it: count it once.
        if (!result.ok && this.#count.failed === failedBefore) this.#count.failed++
      } else if (result.skip || result.todo) this.#count.skipped++
      else if (result.ok) this.#count.passed++
      else this.#count.failed++
    })
  }

  override _transform (chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#root.write(chunk.toString())
    done(null, chunk)
  }

  override _flush (done: TransformCallback): void {
    this.#root.end()
    const { passed, failed, skipped } = this.#count
    done(null, `${passed} passed, ${failed} failed, ${skipped} skipped\n`)
  }
}
