import { resolve } from 'node:path'
import { Type } from 'typebox'
import { type TransitOptions } from './keys/transit-master-keys.ts'

/** Where the keys of personal data are. */
export interface PersonalSettings {
  /** Master keys of our own; unused where a service holds them. */
  readonly keyFile: string
  /** Folder of the wrapped data keys. */
  readonly keyFolder: string
  /** The service that holds the master key; undefined = the file. */
  readonly transit: Omit<TransitOptions, 'timeoutMs'> | undefined
}

const text = (description: string, unit: string) => Type.String({ description, default: '', unit })

/** The settings of personal data, as part of all settings. */
export const personalSettings = {
  COMMERCE_PERSONAL_KEY_FILE: text('File of the master keys (32 bytes in base64 a line) that wrap the data keys of persons. Empty: one is made in the data folder at first use. Unused with COMMERCE_KMS_URL.', 'path'),
  COMMERCE_PERSONAL_KEY_FOLDER: text('Folder of the wrapped data keys, a file a person: what erasure deletes. All processes share it. Empty: in the data folder.', 'path'),
  COMMERCE_KMS_URL: text('Transit engine of a Vault or OpenBao that holds the master key, e.g. https://vault.internal:8200/v1/transit. Empty: the key file.', 'URL'),
  COMMERCE_KMS_KEY: Type.String({ description: 'Name of the master key there.', default: 'commerce-personal', unit: 'name' }),
  COMMERCE_KMS_TOKEN_FILE: text('File of the access token for it; read anew for every call.', 'path')
}

interface PersonalValues {
  readonly COMMERCE_PERSONAL_KEY_FILE: string
  readonly COMMERCE_PERSONAL_KEY_FOLDER: string
  readonly COMMERCE_KMS_URL: string
  readonly COMMERCE_KMS_KEY: string
  readonly COMMERCE_KMS_TOKEN_FILE: string
}

/** @throws {Error} for a service without token */
export function groupPersonal (values: PersonalValues, dataDir: string): PersonalSettings {
  const { COMMERCE_PERSONAL_KEY_FILE: file, COMMERCE_PERSONAL_KEY_FOLDER: folder } = values
  const { COMMERCE_KMS_URL: url, COMMERCE_KMS_KEY: keyName, COMMERCE_KMS_TOKEN_FILE: tokenFile } = values
  if (url !== '' && !/^https?:$/.test(URL.parse(url)?.protocol ?? '')) throw new Error('COMMERCE_KMS_URL is no http or https URL')
  if (url !== '' && tokenFile === '') throw new Error('COMMERCE_KMS_URL needs COMMERCE_KMS_TOKEN_FILE')
  return {
    keyFile: file === '' ? resolve(dataDir, 'keys/personal.key') : resolve(file),
    keyFolder: folder === '' ? resolve(dataDir, 'keys/personal') : resolve(folder),
    transit: url === '' ? undefined : { url, keyName, tokenFile: resolve(tokenFile) }
  }
}
