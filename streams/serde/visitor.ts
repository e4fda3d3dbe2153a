/**
 * Is told the parts of a value one after the other, in the order in which `decode` would give them, so that the value itself need not
 * be made: for who writes it down at once in another form.
 *
 * Life: `name` and `word` once for each field and word of a schema, when its first value comes; what they answer is handed back
 * whenever the field or word occurs.
 */
export interface ValueVisitor<Name = unknown, Word = unknown> {
  /** A field of a record: its path from the top is `meta.eventId`, undefined inside a list, where there are many of it. */
  name (name: string, path: string | undefined, isFirst: boolean): Name
  /** What a symbol may be: of an enum, or the `type` of the value. */
  word (text: string): Word

  openRecord (): void
  /** The value of this field comes next. */
  field (name: Name): void
  closeRecord (): void
  openList (): void
  /** Another item of the list comes next: not told before its first one. */
  nextItem (): void
  closeList (): void

  nothing (): void
  boolean (value: boolean): void
  /** A number that is finite, or not (a double can be). */
  number (value: number): void
  /** An unscaled decimal, as a number when it is of at most 6 bytes. */
  decimal (unscaled: number | bigint): void
  /** UTF-8 from `from` up to `to`, or what was meant to be. */
  text (bytes: Buffer, from: number, to: number): void
  symbol (word: Word): void
  blob (bytes: Buffer, from: number, to: number): void
}
