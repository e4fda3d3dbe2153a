import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Config, childEnvironment } from '../../config.ts'
import { loadOrCreateSecret } from '../../platform/secret-file.ts'

const run = promisify(execFile)

/** What a local broker that asks for TLS, a user and rights is started with. */
export interface BrokerSecurity {
  readonly keyStore: string
  readonly keyStorePassword: string
  readonly authority: string
  /** User of the brokers themselves and of provisioning: it may do everything. */
  readonly admin: { readonly user: string, readonly password: string }
}

/** Certificate of the local broker, which is its own authority. */
export function authorityFile (dataDir: string): string {
  return join(dataDir, 'keys/kafka/ca.pem')
}

/** Where the password of a user of the broker is kept. */
export function passwordFile (accessDir: string, user: string): string {
  return join(accessDir, `${user}.password`)
}

/** Key, certificate and password of the broker; made at first use, by the keytool that comes with Java. Undefined for one that is open. */
export async function brokerSecurity ({ kafka, dataDir, host }: Config): Promise<BrokerSecurity | undefined> {
  if (!kafka.isLocalSecure) return undefined
  const folder = join(dataDir, 'keys/kafka')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const storePasswordFile = join(folder, 'keystore.password')
  const keyStorePassword = (await loadOrCreateSecret(storePasswordFile, 24)).toString('base64')
  const keyStore = join(folder, 'keystore.p12')
  const authority = authorityFile(dataDir)
  if (!existsSync(authority)) {
    const store = ['-keystore', `${keyStore}.new`, '-storetype', 'PKCS12', '-storepass:file', storePasswordFile, '-alias', 'broker']
    const keytool = async (...args: string[]): Promise<void> => { await run('keytool', [...args, ...store], { env: childEnvironment() }) }
    const name = /^[\d.]+$|:/.test(host) ? `ip:${host}` : `dns:${host}`
    await keytool('-genkeypair', '-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '3650', '-dname', 'CN=commerce-streams local broker', '-ext', `SAN=${name}`, '-ext', 'bc=ca:true')
    await keytool('-exportcert', '-rfc', '-file', `${authority}.new`)
    renameSync(`${keyStore}.new`, keyStore)
    renameSync(`${authority}.new`, authority)
  }
  const password = (await loadOrCreateSecret(passwordFile(kafka.accessDir, 'admin'), 24)).toString('base64')
  return { keyStore, keyStorePassword, authority, admin: { user: 'admin', password } }
}

/**
 * Settings of a broker that lets nobody in without TLS and a name, and nobody do what he was not granted. Its controller listens to brokers only:
 * they say their name there by PLAIN, because names by SCRAM are kept by the controller itself.
 */
export function secureProperties ({ keyStore, keyStorePassword, authority, admin }: BrokerSecurity): Record<string, string | number> {
  const jaas = (module: string, more = ''): string =>
    `org.apache.kafka.common.security.${module} required username="${admin.user}" password="${admin.password}"${more};`
  return {
    'listener.security.protocol.map': 'SASL_SSL:SASL_SSL,CONTROLLER:SASL_PLAINTEXT',
    'inter.broker.listener.name': 'SASL_SSL',
    'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
    'sasl.mechanism.inter.broker.protocol': 'SCRAM-SHA-512',
    'sasl.mechanism.controller.protocol': 'PLAIN',
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': jaas('scram.ScramLoginModule'),
    'listener.name.controller.sasl.enabled.mechanisms': 'PLAIN',
    'listener.name.controller.plain.sasl.jaas.config': jaas('plain.PlainLoginModule', ` user_${admin.user}="${admin.password}"`),
    'ssl.keystore.type': 'PKCS12',
    'ssl.keystore.location': keyStore,
    'ssl.keystore.password': keyStorePassword,
    'ssl.key.password': keyStorePassword,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': authority,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': `User:${admin.user}`,
    'allow.everyone.if.no.acl.found': 'false'
  }
}

/** Whether the broker of a data folder was made to ask for a user; undefined while there is no data. */
export function isMadeSecure (brokerDir: string): boolean | undefined {
  const properties = join(brokerDir, 'server.properties')
  if (!existsSync(join(brokerDir, 'log', 'meta.properties')) || !existsSync(properties)) return undefined
  return readFileSync(properties, 'utf8').includes('SASL_SSL://')
}
