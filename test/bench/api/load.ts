import autocannon, { type Request } from 'autocannon'
import { watchCpu } from '../cpu-watch.ts'
import { type ServerProcess } from './server-process.ts'

export interface LoadOptions {
  readonly connections: number
  readonly seconds: number
  readonly warmUpSeconds: number
  /** Requests a second; undefined = as many as are answered. */
  readonly rate: number | undefined
}

export interface LoadFigures {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** CPU time of the API, and of everybody else on the machine, generator included, per request. */
  readonly apiCpuMicroseconds: number
  readonly otherCpuMicroseconds: number
}

/** What is asked, in the name of which user: made anew for each request. */
export type Ask = (user: ServerProcess['users'][number], index: number) => Pick<Request, 'path' | 'method' | 'headers' | 'body'>

/**
 * Sends requests over that many connections after a warm-up. An answer that is not 2xx fails the measurement.
 *
 * @returns the figures, and how many requests were acknowledged, warm-up included.
 */
export async function measureLoad (
  server: ServerProcess, ask: Ask, options: LoadOptions
): Promise<{ readonly figures: LoadFigures, readonly acknowledged: number }> {
  const { users, url, pid } = server
  let index = 0
  const request: Request = {
    setupRequest: () => {
      const user = users[index % Math.max(1, users.length)] ?? { token: '', orderIds: [] }
      const asked = ask(user, index++)
      return { ...asked, headers: { authorization: `Bearer ${user.token}`, ...asked.headers } }
    }
  }
  const run = async (duration: number) => {
    const { connections, rate } = options
    const result = await autocannon({ url, connections, duration, requests: [request], ...(rate === undefined ? {} : { overallRate: rate }) })
    const failed = result.errors + result.timeouts + result.non2xx
    if (failed > 0) throw new Error(`${failed} of ${failed + result['2xx']} requests failed`)
    return result
  }
  const warm = await run(options.warmUpSeconds)
  const cpu = watchCpu([pid])
  const { latency, duration, '2xx': count } = await run(options.seconds)
  const { each: [own = 0], others } = cpu()
  const figures = {
    perSecond: Math.round(count / duration),
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    maxMs: latency.max,
    apiCpuMicroseconds: Math.round(own * 1e6 / count),
    otherCpuMicroseconds: Math.round(others * 1e6 / count)
  }
  return { figures, acknowledged: warm['2xx'] + count }
}
