import { OpsError } from './errors.ts'

/** The first Node that runs TypeScript without a warning and with every call used here. */
const NEEDED = [24, 12] as const

/** Ends the process with one clear line when this Node is too old to run the platform. Import nothing that is newer before it. */
export function requireNode (found = process.versions.node): void {
  if (isRecent(found)) return
  process.stderr.write(`${new OpsError('OPS_NODE_TOO_OLD', { found }).message}\n`)
  process.exit(1)
}

/** True for a version that runs the platform. */
export function isRecent (version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
}
