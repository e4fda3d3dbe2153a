/** How deep a body may nest: several times what any schema asks for, and little enough for whatever goes through it. */
const maxDepth = 64

const broken = 'a text in it has one half of a surrogate pair without the other'

/**
 * Why nothing can be done with a JSON value, whatever it means; undefined = it is fit. A text with one half of a surrogate pair is none that UTF-8 can
 * write: it would come out of the log as another one than it went in. Takes time by the size of the value, and no stack.
 *
 * @source RFC 7493 (I-JSON), section 2.1
 */
export function whyUnfit (value: unknown): string | undefined {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return `it nests deeper than ${maxDepth} levels`
    const next: unknown[] = []
    for (const each of level) {
      if (isBroken(each)) return broken
      if (!isParent(each)) continue
      if (!Array.isArray(each) && Object.keys(each).some(isBroken)) return broken
      for (const part of Array.isArray(each) ? each : Object.values(each)) if (isParent(part) || isBroken(part)) next.push(part)
    }
    level = next
  }
  return undefined
}

function isParent (value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function isBroken (value: unknown): boolean {
  return typeof value === 'string' && !value.isWellFormed()
}
