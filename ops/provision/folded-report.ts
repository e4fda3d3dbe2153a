import { type Report } from './report.ts'

/** Lines of one kind that are shown; the first start makes hundreds. */
const shown = 3

/** What there can be many of: how its lines begin or end, and its name where there are more. */
const kinds = [
  { pattern: /^\+ schema /, plural: 'schemas' },
  { pattern: /^\+ topic /, plural: 'topics' },
  { pattern: /: first progress written /, plural: 'processors' },
  { pattern: /^~ analytics migration /, plural: 'analytics migrations' }
] as const

/**
 * Shows the first lines of every kind as they come and how many more there were: a start that makes everything is told in a few lines, a
 * change of a few things whole. Every line goes to `whole`, which `where` names. Call `end` after the last line.
 */
export function createFoldedReport (print: Report, whole: Report, where: string): { readonly report: Report, readonly end: () => void } {
  let kind: typeof kinds[number] | undefined
  let count = 0
  const end = (): void => {
    if (kind !== undefined && count > shown) print(`  … and ${count - shown} more ${kind.plural} (all in ${where})`)
    kind = undefined
    count = 0
  }
  return {
    end,
    report: line => {
      whole(line)
      const found = kinds.find(({ pattern }) => pattern.test(line))
      if (found === undefined || found !== kind) end()
      kind = found
      count++
      if (found === undefined || count <= shown) print(line)
    }
  }
}
