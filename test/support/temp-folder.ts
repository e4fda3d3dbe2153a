import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Test } from 'tap'

/**
 * An empty folder that is deleted after the test, and after everything that the test registers for its end later on. Take it instead
 * of `t.testdir()` where a teardown still needs the folder, as to end processes by their pid files: tap may delete its own first.
 */
export function tempFolder (t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'commerce-test-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  return folder
}
