import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { writePidFile } from '../../../ops/stack/pid-file.ts'
import { remove } from '../../support/shared-stack.ts'
import { tempFolder } from '../../support/temp-folder.ts'

for (const [run, folder] of [['with services of its own', 'run'], ['in memory', 'memory/run']] as const) {
  test(`the services that a run ${run} left behind end with the folder of its test`, async t => {
    const place = join(tempFolder(t), 'own')
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { detached: true, stdio: 'ignore' })
    t.teardown(() => { child.kill('SIGKILL') })
    const ended = once(child, 'exit')
    await once(child, 'spawn')
    writePidFile(join(place, folder, 'clickhouse.pid'), { pid: child.pid ?? 0, fingerprint: '', startedAtMs: Date.now(), stopSignal: 'SIGTERM', graceMs: 10_000 })
    await remove(place, () => {})
    t.match(await ended, [null, 'SIGTERM'])
    t.notOk(existsSync(place))
  })
}
