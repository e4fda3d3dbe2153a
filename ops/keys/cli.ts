import { fail, readOptions } from '../command-line.ts'
import { loadConfig } from '../config.ts'
import { OpsError } from '../errors.ts'
import { addMasterKey, dropOldMasterKeys, readMasterKeys, restoreMasterKeys } from './master-key-file.ts'
import { openKeyStore, requireMasterKey } from './open-keys.ts'
import { masterKeysInUse, rewrapKeys } from '../../topology/privacy/rotate.ts'

type Keys = ReturnType<typeof openKeyStore>

export interface KeysCommandOptions extends Keys {
  /** The file of the master keys; undefined = a service holds them. */
  readonly file: string | undefined
  readonly print: (line: string) => void
}

/**
 * `npm run keys -- status | rotate | rewrap | retire`. A rotation is those three in order: a new master key wraps what is new; every data key is wrapped with
 * it; the old one is dropped. Each may be repeated, and the platform runs on meanwhile.
 *
 * @throws {OpsError} OPS_OPTION_INVALID, OPS_MASTER_KEY_ROTATING, OPS_MASTER_KEY_IN_USE
 */
export async function keysCommand (name: string | undefined, options: KeysCommandOptions): Promise<void> {
  const { store, masterKeys, file, print } = options
  if (name === 'status') {
    const newest = await masterKeys.newest()
    for (const [id, count] of new Map([[newest, 0], ...await masterKeysInUse(store)])) print(`${id}${id === newest ? ' (wraps)' : ''}: ${count} data keys`)
    return
  }
  if (name === 'rewrap') {
    const { rewrapped, current, destroyed } = await rewrapKeys(store, masterKeys)
    return print(`${rewrapped} data keys wrapped again, ${current} were already, ${destroyed} are destroyed`)
  }
  if (name !== 'rotate' && name !== 'retire') throw new OpsError('OPS_OPTION_INVALID', { problem: 'npm run keys -- status, rotate, rewrap or retire' })
  if (file === undefined) throw new OpsError('OPS_OPTION_INVALID', { problem: `the master key lies with a service: ${name} it there, then npm run keys -- rewrap` })
  if (name === 'rotate') return print(`${await addMasterKey(file)} wraps from now on; next: npm run keys -- rewrap`)
  await retire({ ...options, file })
}

/** Drops the old master key when nothing needs it; a data key that was made in between by who knew only the old one brings it back. */
async function retire ({ store, file, print }: KeysCommandOptions & { readonly file: string }): Promise<void> {
  const keys = await readMasterKeys(file)
  const newest = keys.at(-1)?.id
  const needed = async (): Promise<number> => [...await masterKeysInUse(store)].reduce((sum, [id, count]) => id === newest ? sum : sum + count, 0)
  const before = await needed()
  if (before > 0) throw new OpsError('OPS_MASTER_KEY_IN_USE', { count: before })
  await dropOldMasterKeys(file)
  const after = await needed()
  if (after > 0) {
    await restoreMasterKeys(file, keys)
    throw new OpsError('OPS_MASTER_KEY_IN_USE', { count: after })
  }
  print(`${newest} is the only master key: older copies of the key store cannot be opened any more`)
}

const usage = `npm run keys -- status | rotate | rewrap | retire

The master key of personal data, which wraps a data key for each person. status: how many data keys hang on which master key. rotate: a new master key wraps
what is new. rewrap: every data key is wrapped with it. retire: the old one is dropped, when nothing needs it. In this order, while everything runs;
each may be given again (docs/privacy.md).
`

if (import.meta.main) {
  const print = (line: string): void => { process.stdout.write(`${line}\n`) }
  try {
    const { values, positionals: [name] } = readOptions({ allowPositionals: true, options: { help: { type: 'boolean', short: 'h' } } })
    const config = loadConfig()
    const { transit, keyFile } = config.personal
    if (values.help === true) {
      process.stdout.write(usage)
    } else {
      await requireMasterKey(config)
      await keysCommand(name, { ...openKeyStore(config), file: transit === undefined ? keyFile : undefined, print })
    }
  } catch (error) {
    fail(error)
  }
}
