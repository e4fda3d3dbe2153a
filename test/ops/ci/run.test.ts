import { spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test, type Test } from 'tap'

const script = resolve(import.meta.dirname, '../../../.ci/run')

interface Answers { readonly ci?: number, readonly failing?: string, readonly tests: string, readonly code: number }
interface Outcome { readonly code: number | null, readonly last: string, readonly text: string }

/** Runs the script with an `npm` that answers each command with the given text and exit code. */
function run (t: Test, answers: Answers): Outcome {
  const folder = t.testdir({})
  writeFileSync(join(folder, 'npm'), `#!/bin/sh
case "$1" in
  ci) exit ${answers.ci ?? 0};;
  run) [ "$3" != "${answers.failing ?? ''}" ];;
  test) printf '%b' '${answers.tests}'; exit ${answers.code};;
esac
`)
  chmodSync(join(folder, 'npm'), 0o755)
  const { status, stdout } = spawnSync('bash', [script], { encoding: 'utf8', env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` } })
  return { code: status, last: stdout.trimEnd().split('\n').at(-1) ?? '', text: stdout }
}

test('the CI run ends with the closing line of the tests and 0 when everything is well', async t => {
  t.match(run(t, { tests: 'ok 1\\nskipped: x: no Docker\\n12 passed, 0 failed, 1 skipped\\n', code: 0 }), { code: 0, last: '12 passed, 0 failed, 1 skipped' })
})

test('the CI run fails with the closing line of the tests when a test fails', async t => {
  t.match(run(t, { tests: '11 passed, 1 failed, 0 skipped\\n', code: 1 }), { code: 1, last: '11 passed, 1 failed, 0 skipped' })
})

test('the CI run counts a failed check as a failure, and names it', async t => {
  for (const check of ['lint', 'typecheck', 'generate:check', 'schemas:check', 'borders']) {
    const { code, last, text } = run(t, { failing: check, tests: '12 passed, 0 failed, 0 skipped\\n', code: 0 })
    t.same([code, last], [1, '12 passed, 1 failed, 0 skipped'])
    t.match(text, new RegExp(`failed checks: ${check}\n`))
  }
})

test('the CI run fails when the tests end without a closing line or without a failing test', async t => {
  t.match(run(t, { tests: 'Segmentation fault\\n', code: 139 }), { code: 1, last: '0 passed, 1 failed, 0 skipped' })
  t.match(run(t, { tests: '12 passed, 0 failed, 0 skipped\\n', code: 1 }), { code: 1, last: '12 passed, 1 failed, 0 skipped' })
})

test('the CI run fails when the packages cannot be installed', async t => {
  t.match(run(t, { ci: 1, tests: '', code: 0 }), { code: 1, last: '0 passed, 1 failed, 0 skipped' })
})
