import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { test } from 'tap'
import { OpsError } from '../../ops/errors.ts'

const script = resolve(import.meta.dirname, '../../ops/node-version.mjs')

function run (version: string): { status: number | null, stderr: string } {
  const pretend = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`
  return spawnSync(process.execPath, ['--import', pretend, '--import', `file://${script}`, '--eval', ''], { encoding: 'utf8' })
}

test('the start is refused in one line when Node is too old', async t => {
  for (const version of ['20.20.2', '22.18.0', '24.11.1']) {
    const { status, stderr } = run(version)
    t.equal(status, 1)
    t.equal(stderr.trim(), `OPS_NODE_TOO_OLD: ${new OpsError('OPS_NODE_TOO_OLD', { found: version }).message}`)
  }
})

test('the start goes on when Node is new enough', async t => {
  for (const version of ['24.12.0', '25.0.0', '26.1.0']) t.same({ ...run(version), stderr: '' }.status, 0, version)
})
