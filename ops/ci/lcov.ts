/** Covered and countable lines of one source file. */
export interface FileCoverage { readonly path: string, readonly covered: number, readonly lines: number }

/** The line counts of an lcov report. */
export function parseLcov (text: string): FileCoverage[] {
  return text.split('end_of_record').flatMap(record => {
    const field = (name: string): string | undefined => new RegExp(`^${name}:(.*)$`, 'm').exec(record)?.[1]
    const path = field('SF')
    return path === undefined ? [] : [{ path, covered: Number(field('LH')), lines: Number(field('LF')) }]
  })
}

/** Adds the source files that no test has loaded, as uncovered from the first to the last line. */
export function withUnloaded (files: readonly FileCoverage[], sources: ReadonlyArray<{ readonly path: string, readonly lines: number }>): FileCoverage[] {
  const loaded = new Set(files.map(({ path }) => path))
  return [...files, ...sources.filter(({ path }) => !loaded.has(path)).map(({ path, lines }) => ({ path, covered: 0, lines }))]
}

/** Share of covered lines, percent. */
export function linePercent (files: readonly FileCoverage[]): number {
  const lines = files.reduce((sum, file) => sum + file.lines, 0)
  return lines === 0 ? 100 : files.reduce((sum, file) => sum + file.covered, 0) / lines * 100
}
