import { Type } from 'typebox'

/** @source RFC 9457 */
export const problemMediaType = 'application/problem+json'

/** Problem details (RFC 9457) of every answer that is not a success. */
export const Problem = Type.Object({
  type: Type.String({ description: 'URN of the kind of problem.' }),
  title: Type.String({ description: 'The kind of problem in words.' }),
  status: Type.Integer({ description: 'HTTP status.' }),
  code: Type.String({ description: 'Stable name of the kind of problem: match on this.' }),
  detail: Type.Optional(Type.String({ description: 'What is wrong with this request.' })),
  traceId: Type.String({ description: 'Names this request in logs and traces.' }),
  errors: Type.Optional(Type.Array(Type.Object({
    field: Type.String({ description: 'JSON pointer into the body.' }),
    message: Type.String()
  })))
}, { additionalProperties: true, description: 'Problem details (RFC 9457).' })

const seconds = (description: string) => ({ 'retry-after': Type.Integer({ minimum: 0, description }) })

/** Headers that answers of a status carry beside the problem. */
const problemHeaders: Readonly<Record<number, object>> = {
  401: { 'www-authenticate': Type.String({ description: 'How to prove who you are.' }) },
  429: seconds('Seconds until requests are taken again.'),
  503: seconds('Seconds after which it is worth another try.')
}

/** Response schemas of the given statuses, all problems. */
export function problems<Status extends number> (...statuses: readonly Status[]): Record<Status, { content: { 'application/problem+json': { schema: typeof Problem } }, description: string }> {
  const response = { content: { [problemMediaType]: { schema: Problem } }, description: 'Problem details' }
  const responseOf = (status: Status) => ({ ...response, ...(status in problemHeaders ? { headers: problemHeaders[status] } : {}) })
  return Object.fromEntries(statuses.map(status => [status, responseOf(status)])) as unknown as Record<Status, typeof response>
}

/** What a command about something that exists may be answered with. */
export const commandProblems = problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
