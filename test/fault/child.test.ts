import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'tap'
import { processIdentity } from '../../ops/stack/process-identity.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { Child } from './child.ts'
import { until } from '../support/until.ts'

/** A program that starts a process that would run for ever, with a child of its own, and tells both numbers. */
const parent = (log: string): string => `
  import { Child } from ${JSON.stringify(join(import.meta.dirname, 'child.ts'))}
  const child = new Child(['sh', '-c', 'sleep 3600 & echo $!; wait'], {}, ${JSON.stringify(log)})
  await child.says(/\\d+/)
  process.stdout.write(child.pid + ' ' + child.text)
  setInterval(() => {}, 1000)
`

for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
  test(`a process ends with all its children when what started it ends by ${signal}`, async t => {
    const starter = spawn(process.execPath, ['--input-type=module', '--eval', parent(join(tempFolder(t), 'child'))], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(starter.stdout, 'data') as [Buffer]
    const pids = line.toString().trim().split(' ').map(Number)
    t.equal(pids.length, 2)
    for (const pid of pids) t.ok(processIdentity(pid), 'it runs')
    starter.kill(signal)
    await until(() => pids.every(pid => processIdentity(pid) === undefined))
  })
}

test('a process that ends by itself leaves nothing behind that would kill whoever gets its number next', async t => {
  const child = new Child(['sh', '-c', 'exit 3'], {}, join(tempFolder(t), 'child'))
  const guards = (): string[] => execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }).split('\n').filter(line => line.endsWith(`"$0" -${child.pid}`))
  t.equal(await child.ended, 3)
  await until(() => guards().length === 0)
})
