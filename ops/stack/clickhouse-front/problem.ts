/** An error in the engine's own form: `Code: N. DB::Exception: text. (NAME)`. */
export class FrontError extends Error {
  override readonly name = 'FrontError'
  readonly code: number

  constructor (code: number, type: string, detail: string, cause?: unknown) {
    super(`Code: ${code}. DB::Exception: ${detail}. (${type})`, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

/** Exception codes by the HTTP status that the server answers with; all others are 500. */
const STATUSES: ReadonlyArray<readonly [status: number, codes: readonly number[]]> = [
  [400, [36, 43, 47, 53, 62, 115, 158, 160, 354, 394, 456, 457]],
  [403, [164, 497]],
  [404, [60, 81]],
  [408, [159]],
  [413, [307]],
  [501, [48]],
  [503, [202]]
]

/** Exception code, text and HTTP status for whatever was thrown. */
export function describeProblem (thrown: unknown): { readonly code: number, readonly status: number, readonly text: string } {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const code = Number(/\bCode: (\d+)/.exec(message)?.[1] ?? 1002)
  const text = message.includes('DB::Exception') ? message : `Code: ${code}. DB::Exception: ${message}. (UNKNOWN_EXCEPTION)`
  return { code, status: STATUSES.find(([, codes]) => codes.includes(code))?.[0] ?? 500, text }
}
