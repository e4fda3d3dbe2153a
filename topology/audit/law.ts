/** A law that does not hold: for one SKU, order or topic, in words for people. */
export interface Violation {
  readonly law: 'stock' | 'money' | 'outcome' | 'counts' | 'ledger' | 'facts'
  /** SKU, order id, topic or currency. */
  readonly subject: string
  readonly message: string
}

/** What a law was checked on and what it found. Nothing checked is no proof: callers treat 0 as a failure. */
export interface LawReport {
  readonly checked: number
  readonly violations: readonly Violation[]
}

/** Several reports as one. */
export function joinReports (reports: readonly LawReport[]): LawReport {
  return {
    checked: reports.reduce((sum, report) => sum + report.checked, 0),
    violations: reports.flatMap(report => report.violations)
  }
}

/** A violation as one line. */
export function describeViolation ({ law, subject, message }: Violation): string {
  return `${law} law: ${subject}: ${message}`
}

/** Collects the violations of one subject. */
export class Findings {
  readonly violations: Violation[] = []
  readonly #law: Violation['law']

  constructor (law: Violation['law']) {
    this.#law = law
  }

  add (subject: string, message: string): void {
    this.violations.push({ law: this.#law, subject, message })
  }

  /** Adds a violation unless both are the same. */
  equal (subject: string, what: string, expected: number | bigint, actual: number | bigint): void {
    if (expected !== actual) this.add(subject, `${what}: ${expected} expected, ${actual} found`)
  }
}
