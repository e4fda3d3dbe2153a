import { pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import kafkajs, { type Admin } from 'kafkajs'
import { type ScramMechanism, setScramCredentialsRequest } from '../wire/scram.ts'
import { BrokerError } from '../wire/broker-error.ts'
import { type KafkaJsOptions } from './client.ts'
import { ClusterView } from './cluster.ts'
import { translate } from './failures.ts'
import { parseAddress } from './log-offsets.ts'

/** What somebody may do with one resource, or with all whose names begin alike. */
export interface Grant {
  readonly principal: string
  readonly resource: 'topic' | 'group' | 'transactionalId'
  readonly name: string
  readonly isPrefix: boolean
  readonly operations: ReadonlyArray<'read' | 'write' | 'describe' | 'describeConfigs'>
}

/** Users and rights of a broker with an authorizer. */
export interface AccessAdmin {
  /** Sets the password of a user, whether or not there is one. */
  setPassword (user: string, password: string, mechanism: ScramMechanism): Promise<void>
  /** Grants what is not granted yet, and takes back whatever else these principals were allowed. Returns how many entries changed. */
  setGrants (principals: readonly string[], grants: readonly Grant[]): Promise<number>
  close (): Promise<void>
}

// Not all of its names can be imported: it is a CommonJS module.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, ResourcePatternTypes, logLevel } = kafkajs

const derive = promisify(pbkdf2)

/** As many as the broker itself takes by default. */
const iterations = 8192

const resourceTypes = { topic: AclResourceTypes.TOPIC, group: AclResourceTypes.GROUP, transactionalId: AclResourceTypes.TRANSACTIONAL_ID } as const
const operationTypes = {
  read: AclOperationTypes.READ, write: AclOperationTypes.WRITE, describe: AclOperationTypes.DESCRIBE, describeConfigs: AclOperationTypes.DESCRIBE_CONFIGS
} as const

/** Connects on first use; the user of `options` must be allowed to change the cluster. */
export function openAccessAdmin (options: KafkaJsOptions): AccessAdmin {
  return new KafkaAccessAdmin(options)
}

type Entry = Parameters<Admin['createAcls']>[0]['acl'][number]

class KafkaAccessAdmin implements AccessAdmin {
  readonly #cluster: ClusterView
  readonly #admin: Admin
  #connected: Promise<void> | undefined

  constructor ({ brokers, clientId, ssl, sasl, requestTimeoutMs = 10_000 }: KafkaJsOptions) {
    this.#cluster = new ClusterView({ clientId, ssl, sasl, requestTimeoutMs }, brokers.map(parseAddress))
    const secured = { ...ssl === undefined ? {} : { ssl }, ...sasl === undefined ? {} : { sasl } }
    this.#admin = new Kafka({ brokers: [...brokers], clientId, logLevel: logLevel.NOTHING, ...secured }).admin()
  }

  async setPassword (user: string, password: string, mechanism: ScramMechanism): Promise<void> {
    const salt = randomBytes(24)
    const [size, digest] = mechanism === 'scram-sha-512' ? [64, 'sha512'] as const : [32, 'sha256'] as const
    const saltedPassword = await derive(password.normalize('NFKC'), salt, iterations, size, digest)
    const [answer] = await this.#cluster.retry(async () => {
      await this.#cluster.start()
      return await this.#cluster.callController(setScramCredentialsRequest([{ user, mechanism, iterations, salt, saltedPassword }]))
    })
    if (answer !== undefined && answer.errorCode !== 0) throw translate(new BrokerError(answer.errorCode, 'AlterUserScramCredentials', answer.message), { user })
  }

  async setGrants (principals: readonly string[], grants: readonly Grant[]): Promise<number> {
    await (this.#connected ??= this.#admin.connect())
    const wanted = new Map(grants.flatMap(entriesOf).map(entry => [identityOf(entry), entry]))
    const found = new Map<string, Entry>()
    for (const principal of principals) for (const entry of await this.#entriesOf(principal)) found.set(identityOf(entry), entry)
    const missing = [...wanted].filter(([id]) => !found.has(id)).map(([, entry]) => entry)
    const surplus = [...found].filter(([id]) => !wanted.has(id)).map(([, entry]) => entry)
    if (missing.length > 0) await this.#admin.createAcls({ acl: missing })
    if (surplus.length > 0) await this.#admin.deleteAcls({ filters: surplus })
    return missing.length + surplus.length
  }

  async close (): Promise<void> {
    this.#cluster.close()
    if (this.#connected !== undefined) await this.#admin.disconnect()
  }

  async #entriesOf (principal: string): Promise<Entry[]> {
    const { resources } = await this.#admin.describeAcls({
      resourceType: AclResourceTypes.ANY,
      resourcePatternType: ResourcePatternTypes.ANY,
      principal: `User:${principal}`,
      operation: AclOperationTypes.ANY,
      permissionType: AclPermissionTypes.ANY
    })
    return resources.flatMap(({ acls, ...resource }) => acls.map(({ principal, host, operation, permissionType }) => {
      const { resourceType, resourceName, resourcePatternType } = resource
      return { resourceType, resourceName, resourcePatternType, principal, host, operation, permissionType }
    }))
  }
}

function entriesOf ({ principal, resource, name, isPrefix, operations }: Grant): Entry[] {
  return operations.map(operation => ({
    resourceType: resourceTypes[resource],
    resourceName: name,
    resourcePatternType: isPrefix ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
    principal: `User:${principal}`,
    host: '*',
    operation: operationTypes[operation],
    permissionType: AclPermissionTypes.ALLOW
  }))
}

function identityOf ({ resourceType, resourceName, resourcePatternType, principal, operation, permissionType }: Entry): string {
  return [resourceType, resourcePatternType, principal, operation, permissionType, resourceName].join(' ')
}
