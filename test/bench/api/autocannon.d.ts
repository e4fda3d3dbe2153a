declare module 'autocannon' {
  export interface Request {
    readonly method?: string
    readonly path?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
    /** Makes the next request of this one. */
    readonly setupRequest?: (request: Request) => Request
  }

  export interface Options {
    readonly url: string
    readonly connections: number
    /** Seconds. */
    readonly duration: number
    /** Requests a second of all connections together; latencies then count from when a request was due. */
    readonly overallRate?: number
    readonly requests: readonly Request[]
  }

  export interface Result {
    readonly latency: { readonly p50: number, readonly p99: number, readonly max: number }
    readonly duration: number
    readonly errors: number
    readonly timeouts: number
    readonly non2xx: number
    readonly '2xx': number
  }

  export default function autocannon (options: Options): Promise<Result>
}
