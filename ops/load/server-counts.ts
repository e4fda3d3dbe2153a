/** Requests by `METHOD /route` and status, as `POST /v1/orders 202`. */
export type Counts = ReadonlyMap<string, number>

const metric = 'http_server_request_duration_seconds_count'

/** What the API has answered since it started, out of its metrics. */
export function serverCounts (metrics: string): Counts {
  const counts = new Map<string, number>()
  for (const line of metrics.split('\n')) {
    if (!line.startsWith(`${metric}{`)) continue
    const end = line.lastIndexOf('}')
    const label = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(line.slice(0, end))?.[1] ?? ''
    const key = countKey(`${label('http_request_method')} ${label('http_route')}`, label('http_response_status_code'))
    counts.set(key, (counts.get(key) ?? 0) + Number(line.slice(end + 1)))
  }
  return counts
}

/** One name for a route, whether or not it ends in a slash. */
export function countKey (route: string, status: string): string {
  return `${route.replace(/(.)\/$/, '$1')} ${status}`
}

/** What has come between two looks. */
export function difference (before: Counts, after: Counts): Counts {
  return new Map([...after].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const).filter(([, count]) => count > 0))
}

/**
 * Where the sender and the server do not agree, in words; empty = they do. Of a request without an answer (`unanswered`) only the server may
 * know how it ended: so many more may be counted there.
 */
export function disagreements (sent: Counts, served: Counts, unanswered: number): readonly string[] {
  const wrong: string[] = []
  let more = 0
  for (const key of new Set([...sent.keys(), ...served.keys()])) {
    const [ours, theirs] = [sent.get(key) ?? 0, served.get(key) ?? 0]
    if (ours > theirs) wrong.push(`${key}: ${ours} answers were received, the API counts ${theirs}`)
    else more += theirs - ours
  }
  if (more > unanswered) wrong.push(`the API counts ${more} answers that nobody received, and ${unanswered} requests had none`)
  return wrong
}
