import { readFileSync } from 'node:fs'
import { type KafkaJsOptions } from '../../streams/kafka/kafkajs/client.ts'
import { applicationId } from '../../topology/codec.ts'
import { type Config } from '../config.ts'
import { OpsError } from '../errors.ts'
import { type Principal } from '../provision/access.ts'
import { authorityFile, passwordFile } from '../stack/services/kafka-security.ts'
import { loadOrCreateSecret } from './secret-file.ts'

/** Bytes of a password that is made here. */
const passwordBytes = 24

/**
 * How this process comes to its brokers: as configured, or to a secure local one in the name of `principal`.
 *
 * @throws {OpsError} OPS_CONFIG_INVALID when the authority cannot be read.
 */
export async function kafkaOptions ({ kafka, dataDir, external }: Config, brokers: readonly string[], principal: Principal | 'admin'): Promise<KafkaJsOptions> {
  const plain = { brokers, clientId: applicationId }
  if (kafka.isLocalSecure && external.brokers === undefined) {
    const sasl = { mechanism: 'scram-sha-512', username: principal, password: await passwordOf(kafka.accessDir, principal) } as const
    return { ...plain, ssl: { ca: readFileSync(authorityFile(dataDir)) }, sasl }
  }
  const { isEncrypted, caFile, user, password, mechanism } = kafka
  return {
    ...plain,
    ...isEncrypted ? { ssl: caFile === '' ? {} : { ca: readAuthority(caFile) } } : {},
    ...user === '' ? {} : { sasl: { mechanism, username: user, password } }
  }
}

/** The password of a user, out of its file; made at first use. */
export async function passwordOf (accessDir: string, user: string): Promise<string> {
  return (await loadOrCreateSecret(passwordFile(accessDir, user), passwordBytes)).toString('base64')
}

function readAuthority (file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new OpsError('OPS_CONFIG_INVALID', { problem: `COMMERCE_KAFKA_CA_FILE cannot be read: ${file}` }, error)
  }
}
