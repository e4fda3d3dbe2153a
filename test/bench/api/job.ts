/** What the process of the API is started with. */
export interface ServerJob {
  readonly contender: 'api' | 'bare'
  readonly brokers: readonly string[]
  readonly redisUrl: string
  /** Tokens, each of a customer of its own. */
  readonly users: number
  /** Orders of each customer, which wait for a payment. */
  readonly ordersOfEach: number
  /** Products of the catalog. */
  readonly products: number
}

/** What it says when it listens. */
export interface ServerReady { readonly url: string, readonly users: ReadonlyArray<{ readonly token: string, readonly orderIds: readonly string[] }> }
