import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Summary } from '../../../ops/start/summary.ts'
import { localEndpoints } from '../../../ops/stack/local.ts'
import { openClickHouse } from '../../../sinks/index.ts'
import { createKafkaJs } from '../../../streams/kafka/kafkajs/index.ts'
import { type Child } from '../child.ts'
import { countDeadLetters, gatewayTotals } from '../outside.ts'
import { Site } from '../site.ts'
import { type Analytics, readAnalytics } from './analytics.ts'
import { type Outcome } from './judge-import.ts'

/** A site that imports one file, as a person does with the start command. */
export class ImportSite extends Site {
  readonly #options: readonly string[]

  /** `input`: path of the file. `options`: of every import here. */
  constructor (folder: string, ports: readonly number[], input: string, options: readonly string[] = []) {
    super(folder, ports)
    this.#options = ['--input', input, ...options]
  }

  /** `npm start -- --input FILE --exit`, with more options. */
  import (...options: readonly string[]): Child {
    rmSync(this.#summaryFile, { force: true })
    return this.start([...this.#options, '--exit', '--summary', this.#summaryFile, ...options])
  }

  /** What the import says that it came to, once it has ended. Rejects when it left no summary, with what it said. */
  async summary (child: Child): Promise<Summary> {
    const exitCode = await child.ended
    if (!existsSync(this.#summaryFile)) throw new Error(`the import ended with ${exitCode} and no summary: ${lastOf(child.errors)}\n${lastOf(child.text)}`)
    return JSON.parse(readFileSync(this.#summaryFile, 'utf8')) as Summary
  }

  /** That, and what an outsider sees beside it. */
  async outcome (child: Child): Promise<Outcome> {
    const summary = await this.summary(child)
    const exitCode = await child.ended
    return await this.withServices(['kafka', 'clickhouse', 'gateway'], async () => ({
      exitCode,
      summary,
      analytics: await this.#analytics(),
      deadLetters: await this.#deadLetters(),
      gateway: await gatewayTotals(localEndpoints(this.config).gatewayUrl)
    }))
  }

  get #summaryFile (): string { return join(this.config.dataDir, 'summary.json') }

  async #analytics (): Promise<Analytics> {
    const { clickhouse: { user: username, password, database } } = this.config
    const client = openClickHouse({ url: localEndpoints(this.config).clickhouseUrl, username, password, database })
    try {
      const answer = await client.query({
        query: `SELECT DISTINCT extract(JSONExtractString(payload, 'clientReference'), '^import-([^/]+)/') AS run
          FROM raw_events WHERE event_type = 'OrderCreated'`,
        format: 'JSONEachRow'
      })
      const [first, ...others] = await answer.json<{ readonly run: string }>()
      if (first === undefined || others.length > 0) throw new Error(`ClickHouse holds orders of ${first === undefined ? 'no run' : 'more than one run'}`)
      return await readAnalytics(client, first.run)
    } finally {
      await client.close()
    }
  }

  async #deadLetters (): Promise<number> {
    const kafka = createKafkaJs({ brokers: localEndpoints(this.config).brokers, clientId: 'year' })
    try {
      await kafka.start()
      return await countDeadLetters(kafka)
    } finally {
      await kafka.close()
    }
  }
}

function lastOf (text: string): string {
  return text.trim().slice(-2000)
}
