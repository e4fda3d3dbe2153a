import { type ClickHouseClient } from '../../sinks/index.ts'

/** A run as verification sees it: which orders and SKUs are its own, and what must come of it. */
export interface VerifiedRun {
  readonly runId: string
  /** What the `clientReference` of every order of the run starts with, and no other. */
  readonly referencePrefix: string
  /** True for the SKUs whose stock the run opened. */
  readonly ownsStock: (sku: string) => boolean
  /** Rows and invoices of the input, as far as they can be read back from what was sent. */
  readonly readInput: (client: ClickHouseClient) => Promise<InputFigures>
  readonly expected: ExpectedFigures
}

export interface InputFigures { readonly rows: number, readonly invoices: number }

/** Lines and their value, as decimal text with four decimals. */
export interface LineFigures { readonly lines: number, readonly amount: string }

/** What must come of a run, told by its input alone; what is absent depends on the course of the run. */
export interface ExpectedFigures {
  /** Orders, accepted or rejected. */
  readonly orders: number
  readonly input?: InputFigures
  /** Priced lines of all orders. */
  readonly lines?: number
  /** Value of those lines by currency, as decimal text with four decimals. */
  readonly revenue?: Readonly<Record<string, string>>
  /** Lines of credit notes, matched or not. */
  readonly credits?: LineFigures
  readonly adjustments?: LineFigures
  /** What all rows of the input come to by currency, if none of its orders comes to nothing. */
  readonly net?: Readonly<Record<string, string>>
  /** Orders that may end as timed out. */
  readonly timedOut?: number
}
