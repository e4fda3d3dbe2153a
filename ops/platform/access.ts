import { type Topology } from '#streams'
import { openAccessAdmin } from '../../streams/kafka/kafkajs/access-admin.ts'
import { type Config } from '../config.ts'
import { principals, wantedGrants } from '../provision/access.ts'
import { type Report } from '../provision/report.ts'
import { kafkaOptions, passwordOf } from './kafka.ts'

/**
 * Gives the platform's users their passwords, and rights for what the topology reads and writes, no more; what they were granted beside that is
 * taken back. Does nothing where no folder of passwords is configured.
 *
 * @throws {StreamsError} STR_BROKER_REFUSED when the broker has no authorizer, or does not let this process change it.
 */
export async function provisionAccess (config: Config, brokers: readonly string[], topology: Topology, report: Report): Promise<void> {
  const { kafka: { accessDir } } = config
  if (accessDir === '') return
  const admin = openAccessAdmin(await kafkaOptions(config, brokers, 'admin'))
  try {
    for (const name of principals) await admin.setPassword(name, await passwordOf(accessDir, name), 'scram-sha-512')
    const changes = await admin.setGrants(principals, wantedGrants(topology))
    report(changes === 0 ? `= rights of ${principals.length} users` : `~ rights of ${principals.length} users: ${changes} entries`)
  } finally {
    await admin.close()
  }
}
