/** Words of PromQL that stand where a metric could stand. */
const words: ReadonlySet<string> = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right', 'and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan'])

/** Labels in braces, ranges in brackets, strings, and the lists of labels after by, without, on and so on. */
const NOT_METRICS = [/"(?:[^"\\]|\\.)*"/g, /\{[^}]*\}/g, /\[[^\]]*\]/g, /\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g]

/**
 * Names of the metrics that an expression of PromQL asks for.
 *
 * Shape: expressions as written in this project; a name in a matcher (`{__name__="x"}`) is not found.
 */
export function metricNames (expr: string): readonly string[] {
  const bare = NOT_METRICS.reduce((text, pattern) => text.replace(pattern, ' '), expr)
  const found = [...bare.matchAll(/[a-zA-Z_:][\w:]*/g)].filter(({ 0: name, index }) => {
    const isNumber = /[\d.]/.test(bare[index - 1] ?? '')
    return !isNumber && !words.has(name.toLowerCase()) && !/^\s*\(/.test(bare.slice(index + name.length))
  })
  return [...new Set(found.map(([name]) => name))]
}

/** The family that a series belongs to: that of a histogram or summary without the ending of its parts. */
export function familyOf (name: string, families: ReadonlySet<string>): string | undefined {
  if (families.has(name)) return name
  const base = name.replace(/_(bucket|sum|count)$/, '')
  return families.has(base) ? base : undefined
}
