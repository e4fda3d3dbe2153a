/** A change that provisioning made, or found unnecessary: `+` new, `~` changed. */
export interface Change { readonly sign: '+' | '~', readonly text: string }

/** Takes one line of the diff. */
export type Report = (line: string) => void

/** Prints changes as they are made and counts them. */
export class ChangeLog {
  readonly #report: Report
  #count = 0

  constructor (report: Report) {
    this.#report = report
  }

  get count (): number {
    return this.#count
  }

  add (sign: Change['sign'], text: string): void {
    this.#count++
    this.#report(`${sign} ${text}`)
  }

  /** Says that a part needed nothing. */
  unchanged (part: string): void {
    this.#report(`= ${part} up to date`)
  }
}
