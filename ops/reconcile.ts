import { bucketCounts, bucketParameters, openClickHouse, runQuery } from '../sinks/index.ts'
import { createKafkaJs } from '../streams/kafka/kafkajs/index.ts'
import { checkFacts } from '../topology/audit/fact-laws.ts'
import { describeViolation } from '../topology/audit/law.ts'
import { applicationId } from '../topology/index.ts'
import { loadConfig } from './config.ts'
import { describeDifference, reconcileOnce } from './platform/reconcile-once.ts'
import { createAnalyticsSinks } from './platform/topology.ts'
import { localEndpoints } from './stack/local.ts'
import { kafkaOptions } from './platform/kafka.ts'
import { countedFigures } from './verify/fact-rows.ts'

const usage = `npm run reconcile

Holds ClickHouse against the whole log of the running platform, and the figures against the events. Ends with 0 when all agree, with 1 when
something differs, one line each. Facts come about half a second after their events: at a busy moment give it twice.
`

/** Compares everything once; true when nothing differs. */
async function main (): Promise<boolean> {
  const config = loadConfig()
  const { brokers, clickhouseUrl } = { ...localEndpoints(config), ...config.external }
  const { user, password, database } = config.clickhouse
  const kafka = createKafkaJs(await kafkaOptions(config, brokers, 'admin'))
  const clickhouse = openClickHouse({ url: clickhouseUrl, username: user, password, database })
  const tell = (line: string): void => { process.stdout.write(`${line}\n`) }
  try {
    await kafka.start()
    const { records, differences } = await reconcileOnce({
      kafka,
      applicationId,
      sinks: createAnalyticsSinks({ clickhouse }),
      countRows: async (topic, windows) => await runQuery(clickhouse, bucketCounts, bucketParameters(topic, windows)),
      signal: new AbortController().signal,
      onTopic: (topic, count) => { tell(`${topic}: ${count} records`) }
    })
    const { checked, violations } = checkFacts(await countedFigures(clickhouse, ''))
    for (const line of [...differences.map(describeDifference), ...violations.map(describeViolation)]) tell(line)
    tell(`${records} records held against their rows, ${checked} orders against their facts: ${differences.length + violations.length} differences`)
    return differences.length + violations.length === 0
  } finally {
    await Promise.all([kafka.close(), clickhouse.close()])
  }
}

if (import.meta.main) {
  try {
    if (process.argv.includes('--help')) process.stdout.write(usage)
    else if (!await main()) process.exitCode = 1
  } catch (error) {
    process.stderr.write(`nothing is known: log and ClickHouse cannot both be read: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 2
  }
}
