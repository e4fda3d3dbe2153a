import { resolve } from 'node:path'
import { Type } from 'typebox'

/** How a process comes to the broker. */
export interface KafkaSettings {
  readonly isEncrypted: boolean
  /** Empty = it says no name. */
  readonly user: string
  readonly password: string
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
  /** Empty = the authorities that Node trusts. */
  readonly caFile: string
  /** The local broker asks for TLS, a name and rights. */
  readonly isLocalSecure: boolean
  /** Folder of the passwords that provisioning gives the platform's users, a file each; empty = it leaves users and rights alone. */
  readonly accessDir: string
}

const text = (description: string, unit: string) => Type.String({ description, default: '', unit })

/** The settings of the way to the broker, as part of all settings. */
export const kafkaSettings = {
  COMMERCE_KAFKA_TLS: Type.Enum(['off', 'on'], { description: 'Whether brokers of your own (COMMERCE_BROKERS) are reached by TLS.', default: 'off', unit: 'switch' }),
  COMMERCE_KAFKA_USER: text('User (SASL) for brokers of your own; empty: none.', 'name'),
  COMMERCE_KAFKA_PASSWORD: text('Its password.', 'secret'),
  COMMERCE_KAFKA_MECHANISM: Type.Enum(['plain', 'scram-sha-256', 'scram-sha-512'], { description: 'How the user is proved.', default: 'scram-sha-512', unit: 'name' }),
  COMMERCE_KAFKA_CA_FILE: text('File (PEM) of the certificate authority that brokers must be certified by. Empty: those that Node trusts.', 'path'),
  COMMERCE_KAFKA_SECURE: Type.Enum(['off', 'on'], {
    description: 'Whether the local broker asks for TLS, a user and rights; `npm start -- --secure` sets it. A data folder keeps the choice that it was made with.', default: 'off', unit: 'switch'
  }),
  COMMERCE_KAFKA_ACCESS_DIR: text(
    'Folder of the passwords of the platform\'s users, one file a user (processors, sink, api, producer): provisioning writes them and their rights to the broker. Empty: it leaves both alone, but for a secure local broker.', 'path'
  )
}

interface KafkaValues {
  readonly COMMERCE_BROKERS: string
  readonly COMMERCE_KAFKA_TLS: unknown
  readonly COMMERCE_KAFKA_USER: string
  readonly COMMERCE_KAFKA_PASSWORD: string
  readonly COMMERCE_KAFKA_MECHANISM: unknown
  readonly COMMERCE_KAFKA_CA_FILE: string
  readonly COMMERCE_KAFKA_SECURE: unknown
  readonly COMMERCE_KAFKA_ACCESS_DIR: string
}

/** Everything that would be without effect is refused: somebody counts on it. */
export function groupKafka (values: KafkaValues, dataDir: string): KafkaSettings {
  const { COMMERCE_BROKERS: brokers, COMMERCE_KAFKA_USER: user, COMMERCE_KAFKA_PASSWORD: password, COMMERCE_KAFKA_CA_FILE: file } = values
  const access = values.COMMERCE_KAFKA_ACCESS_DIR
  const isEncrypted = values.COMMERCE_KAFKA_TLS === 'on'
  const isLocalSecure = values.COMMERCE_KAFKA_SECURE === 'on' && brokers === ''
  const wrong = [
    [brokers === '' && (user + password + file !== '' || isEncrypted), 'COMMERCE_KAFKA_TLS, _USER, _PASSWORD and _CA_FILE are for brokers of your own: COMMERCE_BROKERS is not set'],
    [file !== '' && !isEncrypted, 'COMMERCE_KAFKA_CA_FILE is for COMMERCE_KAFKA_TLS=on: without TLS nothing is certified'],
    [user !== '' && password === '', 'COMMERCE_KAFKA_USER has no password: set COMMERCE_KAFKA_PASSWORD, too'],
    [user === '' && password !== '', 'COMMERCE_KAFKA_PASSWORD has no user: set COMMERCE_KAFKA_USER, too']
  ] as const
  const problem = wrong.find(([isWrong]) => isWrong)?.[1]
  if (problem !== undefined) throw new Error(problem)
  return {
    isEncrypted,
    user,
    password,
    mechanism: values.COMMERCE_KAFKA_MECHANISM as KafkaSettings['mechanism'],
    caFile: file === '' ? '' : resolve(file),
    isLocalSecure,
    accessDir: access !== '' ? resolve(access) : isLocalSecure ? resolve(dataDir, 'keys/kafka') : ''
  }
}
