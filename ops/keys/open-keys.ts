import { randomBytes } from 'node:crypto'
import { systemClock } from '#streams'
import { type KeyStore, type MasterKeys } from '../../topology/privacy/key-store.ts'
import { type Keyring, createKeyring } from '../../topology/privacy/keyring.ts'
import { createLocalMasterKeys, masterKeyOf } from '../../topology/privacy/local-master-keys.ts'
import { createMemoryKeyStore } from '../../topology/privacy/memory-key-store.ts'
import { type Config } from '../config.ts'
import { OpsError } from '../errors.ts'
import { createFileKeyStore } from './file-key-store.ts'
import { readMasterKeys } from './master-key-file.ts'
import { createTransitMasterKeys } from './transit-master-keys.ts'

/** The keys of personal data as the configuration names them: where data keys lie, and what wraps them. */
export function openKeyStore ({ personal }: Pick<Config, 'personal'>): { readonly store: KeyStore, readonly masterKeys: MasterKeys } {
  const { keyFile, keyFolder, transit } = personal
  return {
    store: createFileKeyStore(keyFolder),
    masterKeys: transit === undefined ? createLocalMasterKeys(async () => await readMasterKeys(keyFile)) : createTransitMasterKeys(transit)
  }
}

/** The data keys of this process. Nothing is read or made before the first key is asked for: who never asks needs no master key. */
export function openKeys (config: Pick<Config, 'personal'>): Keyring {
  return createKeyring({ ...openKeyStore(config), clock: systemClock })
}

/** Makes sure that the master key can be had. @throws {OpsError} OPS_KEYS_UNAVAILABLE: better known at the start than at the first order */
export async function requireMasterKey (config: Pick<Config, 'personal'>): Promise<void> {
  const { keyFile, transit } = config.personal
  try {
    await openKeyStore(config).masterKeys.newest()
  } catch (error) {
    const { cause } = error as Error
    throw new OpsError('OPS_KEYS_UNAVAILABLE', { place: transit?.url ?? keyFile, problem: cause instanceof Error ? cause.message : String(error) }, error)
  }
}

/** Keys that are gone with the process, as everything else is there. */
export function openMemoryKeys (): Keyring {
  const masterKey = masterKeyOf(randomBytes(32))
  return createKeyring({ store: createMemoryKeyStore(), masterKeys: createLocalMasterKeys(async () => [masterKey]), clock: systemClock })
}
