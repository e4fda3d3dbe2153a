import { type Readable } from 'node:stream'
import { type analyticsQueries, type ExportFormat, type ExportName } from '../../sinks/index.ts'

type Queries = typeof analyticsQueries
/** The rows of a named query. */
export type RowsOf<Name extends keyof Queries> = ReadonlyArray<ReturnType<Queries[Name]['row']>>
/** The parameters of a named query. */
export type ParamsOf<Name extends keyof Queries> = NonNullable<Queries[Name]['params']>

/** What is taken out, and of which days; both ends are part of it. */
export interface ExportRequest {
  readonly name: ExportName
  readonly format: ExportFormat
  readonly from: string
  readonly to: string
  /** Rows at most. */
  readonly limit: number
}

/** Asks for figures. Every question ends within its time limit: it is answered, or rejects. */
export interface Analytics {
  /** Asks a named query, its parameters bound. */
  ask<Name extends keyof Queries> (name: Name, params: ParamsOf<Name>): Promise<RowsOf<Name>>
  /** Takes a view out, row by row, in the format asked for. Rejects when it cannot begin; whoever destroys the stream ends the query. */
  export (request: ExportRequest): Promise<Readable>
}
