import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type Test } from 'tap'
import { backUp, restore } from '../../../ops/operate/backup.ts'
import { loadConfig } from '../../../ops/config.ts'
import { writePidFile } from '../../../ops/stack/pid-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** A data folder with a little of everything, and a place for its backup. */
function scene (t: Test) {
  const root = tempFolder(t)
  const dataDir = t.testdir({ kafka: { log: { 'a-0': { '0.log': 'records' } } }, keys: { 'token.jwk': 'secret' }, redis: { 'appendonly.aof': 'state' }, logs: { 'kafka.log': '' } })
  const config = (folder: string) => loadConfig({ file: false, env: {}, overrides: { COMMERCE_DATA_DIR: folder } })
  return { dataDir, source: config(dataDir), target: config(join(root, 'restored')), folder: join(root, 'backup') }
}

test('a backup holds log and keys, not Redis and logs, and comes back as it was into an empty data folder', async t => {
  const { source, target, folder } = scene(t)
  const manifest = await backUp(source, folder)
  t.strictSame(Object.keys(manifest.files), ['kafka/log/a-0/0.log', 'keys/token.jwk'])
  t.strictSame((await restore(target, folder)).files, manifest.files)
  t.equal(readFileSync(join(target.dataDir, 'kafka/log/a-0/0.log'), 'utf8'), 'records')
  t.notOk(existsSync(join(target.dataDir, 'redis')))
})

test('a backup whose list of files cannot be read is damaged', async t => {
  const { source, target, folder } = scene(t)
  await backUp(source, folder)
  for (const text of ['{', 'null', '{}']) {
    writeFileSync(join(folder, 'manifest.json'), text)
    await t.rejects(restore(target, folder), { code: 'OPS_BACKUP_DAMAGED', message: /manifest\.json is not what was written/ }, text)
  }
})

test('a backup that was changed, cut short or lost a file is refused before anything is copied', async t => {
  const { source, target, folder } = scene(t)
  await backUp(source, folder)
  writeFileSync(join(folder, 'kafka/log/a-0/0.log'), 'recordz')
  await t.rejects(restore(target, folder), { code: 'OPS_BACKUP_DAMAGED', message: /0\.log is not what was copied/ })
  rmSync(join(folder, 'kafka/log/a-0/0.log'))
  await t.rejects(restore(target, folder), { message: /0\.log is missing/ })
  rmSync(join(folder, 'manifest.json'))
  await t.rejects(restore(target, folder), { message: /was not finished/ })
  t.notOk(existsSync(join(target.dataDir, 'keys')))
})

test('nothing is written over: neither an older backup nor a data folder with data, even of Redis alone', async t => {
  const { source, target, folder } = scene(t)
  await backUp(source, folder)
  await t.rejects(backUp(source, folder), { code: 'OPS_BACKUP_FOLDER' })
  await t.rejects(restore(source, folder), { code: 'OPS_BACKUP_FOLDER' })
  await t.rejects(backUp(target, `${folder}-2`), { code: 'OPS_BACKUP_FOLDER', message: /holds no data/ })
})

test('a stack that runs is neither backed up nor restored into', async t => {
  const { dataDir, source, folder } = scene(t)
  writePidFile(join(dataDir, 'run', 'kafka.pid'), {
    pid: process.pid, fingerprint: 'x', startedAtMs: 0, stopSignal: 'SIGTERM', graceMs: 1, health: { kind: 'redis', host: '127.0.0.1', port: 1 }
  })
  await t.rejects(backUp(source, folder), { code: 'OPS_BACKUP_RUNNING', message: /kafka runs/ })
  await t.rejects(restore(source, folder), { code: 'OPS_BACKUP_RUNNING' })
})
