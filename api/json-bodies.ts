/** How deep a body may nest: several times what any schema asks for, and little enough for whatever goes through it. */
const maxDepth = 64

/**
 * Why nothing can be done with a JSON value, whatever it means; undefined = it is fit. A text with one half of a surrogate pair is none that UTF-8 can
 * write: it would come out of the log as another one than it went in. Takes time by the size of the value, and no stack.
 *
 * @source RFC 7493 (I-JSON), section 2.1
 */
export function whyUnfit (value: unknown): string | undefined {
  let level: readonly unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) return `it nests deeper than ${maxDepth} levels`
    if (level.some(each => typeof each === 'string' && !each.isWellFormed())) return 'a text in it has one half of a surrogate pair without the other'
    level = level.flatMap(partsOf)
  }
  return undefined
}

function partsOf (value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return Array.isArray(value) ? value : Object.entries(value).flat()
}
