import { type LawReport, type Violation, describeViolation } from '../../topology/audit/law.ts'

/**
 * What a law that holds a moment late finds broken for good: it is checked again, with a pause before each time, as long as that finds less of what
 * was found at first, word for word. What is behind comes; what is wrong stays.
 */
export async function lastingReport (check: () => Promise<LawReport>, pause: () => Promise<void>): Promise<LawReport> {
  let report = await check()
  for (let before = Infinity; report.violations.length > 0 && report.violations.length < before;) {
    before = report.violations.length
    const found = new Set(report.violations.map(describeViolation))
    await pause()
    const again = await check()
    report = { checked: again.checked, violations: again.violations.filter((violation: Violation) => found.has(describeViolation(violation))) }
  }
  return report
}
