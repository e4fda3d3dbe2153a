import { boundsOf, compareKeys, isWithin } from '../key-range.ts'
import { SCAN_BYTES, type ScanAnswer, type ScanRequest } from '../port.ts'

/** The keys of an ordered store; sorted when somebody scans. */
export class KeyOrder {
  readonly #keys: Set<string>
  #sorted: readonly string[] | undefined

  constructor (keys: Iterable<string> = []) {
    this.#keys = new Set(keys)
  }

  set (key: string, isThere: boolean): void {
    if (this.#keys.has(key) === isThere) return
    this.#sorted = undefined
    if (isThere) this.#keys.add(key)
    else this.#keys.delete(key)
  }

  scan (request: ScanRequest, valueOf: (key: string) => Buffer): ScanAnswer {
    this.#sorted ??= [...this.#keys].sort(compareKeys)
    const bounds = boundsOf(request)
    const rows: Array<readonly [string, Buffer]> = []
    let bytes = 0
    for (const key of this.#sorted) {
      if (!isWithin(bounds, key)) continue
      if (rows.length >= request.limit || bytes >= SCAN_BYTES) return { rows, isWhole: false }
      const value = valueOf(key)
      rows.push([key, value])
      bytes += Buffer.byteLength(key) + value.length
    }
    return { rows, isWhole: true }
  }

  copy (): KeyOrder {
    return new KeyOrder(this.#keys)
  }
}
