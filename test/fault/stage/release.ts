import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../../..')
const releases = join(root, '.cache/releases')

/** The release before this one, v0.1.0: its formats of state and of records are those that an upgrade comes from. */
const previousCommit = '03605fbfc3d7'

/** The release that an upgrade comes from: FAULT_RELEASE names another commit or tag. */
export const previousRelease = process.env['FAULT_RELEASE'] ?? previousCommit

/**
 * Folder of this repository as it was at a commit, with the packages that its lock file asks for: those of this build where they are the
 * same, else its own. Made once.
 *
 * Rejects when there is no such commit here: a release is taken from git, not from the network.
 */
export async function checkOutRelease (ref: string): Promise<string> {
  const { stdout } = await run('git', ['rev-parse', '--verify', `${ref}^{commit}`], { cwd: root })
    .catch((error: unknown) => { throw new Error(`the release ${ref} is not in this repository: fetch its history, or name another one in FAULT_RELEASE`, { cause: error }) })
  const folder = join(releases, stdout.trim().slice(0, 12))
  if (existsSync(folder)) return folder
  mkdirSync(releases, { recursive: true })
  const draft = mkdtempSync(join(releases, 'draft-'))
  try {
    await run('sh', ['-c', 'git archive "$1" | tar -x -C "$2"', 'sh', stdout.trim(), draft], { cwd: root })
    if (hasSamePackages(draft)) symlinkSync(join(root, 'node_modules'), join(draft, 'node_modules'))
    else await run('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund'], { cwd: draft })
    renameSync(draft, folder)
    return folder
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

interface Lock { readonly packages: Readonly<Record<string, { readonly version?: string, readonly dev?: boolean }>> }

/** Whether everything that the release runs with is here in the same version. */
function hasSamePackages (release: string): boolean {
  const lockOf = (folder: string): Lock => JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as Lock
  const here = lockOf(root).packages
  return Object.entries(lockOf(release).packages).every(([path, { version, dev }]) => path === '' || dev === true || here[path]?.version === version)
}
