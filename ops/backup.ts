import { resolve } from 'node:path'
import { fail, readOptions } from './command-line.ts'
import { loadConfig } from './config.ts'
import { OpsError } from './errors.ts'
import { backUp, restore } from './operate/backup.ts'

const usage = `npm run backup -- FOLDER [--data-dir DIR]
npm run restore -- FOLDER [--data-dir DIR]

Copies the data of the local stack, which has to be down, into a new folder, or back into an empty data folder. Keys are part of it: keep
it as safe as they are. Redis is not: the next start rebuilds it from the log.
`

const actions = { backup: backUp, restore } as const

if (import.meta.main) {
  try {
    const { values, positionals: [action, folder] } = readOptions({ allowPositionals: true, options: { 'data-dir': { type: 'string' }, help: { type: 'boolean', short: 'h' } } })
    if (values.help === true) {
      process.stdout.write(usage)
    } else {
      if (action !== 'backup' && action !== 'restore') throw new OpsError('OPS_OPTION_INVALID', { problem: 'it is `npm run backup` or `npm run restore`' })
      if (folder === undefined) throw new OpsError('OPS_OPTION_INVALID', { problem: 'name the folder of the backup' })
      const config = loadConfig({ overrides: { COMMERCE_DATA_DIR: values['data-dir'] } })
      const { files } = await actions[action](config, resolve(folder))
      const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0)
      const done = action === 'backup' ? `copied to ${folder}` : `checked and restored to ${config.dataDir}`
      process.stdout.write(`${Object.keys(files).length} files, ${(bytes / 1e6).toFixed(1)} MB, ${done}\n`)
    }
  } catch (error) {
    fail(error)
  }
}
