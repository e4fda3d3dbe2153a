import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { ensureDataFolder } from '../../../ops/platform/data-folder.ts'

test('the data folder is made with its parents, and taken as it is when it is there', async t => {
  const path = join(t.testdir(), 'a', 'b', 'c')
  await ensureDataFolder(path)
  await ensureDataFolder(path)
  t.ok((await stat(path)).isDirectory())
})

test('a data folder that cannot be made is one clear error, not an endless try', async t => {
  const file = join(t.testdir(), 'file')
  await writeFile(file, '')
  await t.rejects(ensureDataFolder(file), { code: 'OPS_DATA_DIR_UNUSABLE', message: /is not a folder/ })
  await t.rejects(ensureDataFolder(join(file, 'below')), { code: 'OPS_DATA_DIR_UNUSABLE' })
  await t.rejects(ensureDataFolder('/proc/nope'), { code: 'OPS_DATA_DIR_UNUSABLE' })
})
