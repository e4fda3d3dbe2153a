import { type Violation } from './law.ts'

/** A law that the newest event shows to be broken. `expected` would keep it, `actual` was found: texts for people. */
export interface Break {
  readonly law: Violation['law']
  readonly message: string
  readonly expected: string
  readonly actual: string
}

/** What following one more event leads to. `row` is the same object as before when nothing changed: then nothing is written. */
export interface Followed<Row> {
  readonly row: Row
  readonly breaks: readonly Break[]
}

/** Nothing is wrong with the event. */
export function unbroken<Row> (row: Row): Followed<Row> {
  return { row, breaks: [] }
}
