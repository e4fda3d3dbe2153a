import { type Evidence } from '../evidence/evidence.ts'

export const invariants = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I8', 'I9', 'I10', 'I11'] as const
export type Invariant = typeof invariants[number]

/** What a detector looked at, and what it found wrong. Nothing looked at is no proof. */
export interface Verdict { readonly checked: number, readonly findings: readonly string[] }

/** Judges one invariant by the evidence alone. Pure. */
export type Detector = (evidence: Evidence) => Verdict

/** Collects what is wrong while things are looked at. */
export class Inquiry {
  readonly findings: string[] = []
  checked = 0

  look (): void { this.checked++ }

  find (subject: string, message: string): void { this.findings.push(`${subject}: ${message}`) }

  /** Looks at one thing: `found` must be `wanted`. */
  equal (subject: string, what: string, wanted: number | bigint | string | boolean, found: number | bigint | string | boolean): void {
    this.checked++
    if (wanted !== found) this.find(subject, `${what}: ${wanted} expected, ${found} found`)
  }

  verdict (): Verdict { return { checked: this.checked, findings: this.findings } }
}
