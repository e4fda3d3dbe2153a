import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const tools = join(import.meta.dirname, '../../.cache/tools')

/**
 * A folder with Python and the packages of a requirements file, made once for each content of that file. Resolves with the folder of
 * its programs: `python`, and those of the packages.
 *
 * @throws {Error} naming what is missing: python3, its venv module, or the packages.
 */
export async function pythonWith (requirementsFile: string): Promise<string> {
  const requirements = readFileSync(requirementsFile)
  const folder = join(tools, `python-${createHash('sha256').update(requirements).digest('hex').slice(0, 12)}`)
  const programs = join(folder, 'bin')
  const complete = join(folder, '.complete')
  if (existsSync(complete)) return programs
  mkdirSync(tools, { recursive: true })
  await tried('python3 is missing: install Python 3.10 or later and put it into PATH', 'python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'])
  await tried('Python has no venv module: install it (python3-venv on Debian and Ubuntu)', 'python3', ['-m', 'venv', '--clear', folder])
  await tried(`the packages of ${requirementsFile} cannot be installed`, join(programs, 'python'), ['-m', 'pip', 'install', '--quiet', '--requirement', resolve(requirementsFile)])
  writeFileSync(complete, requirements)
  return programs
}

async function tried (whatIsMissing: string, program: string, args: readonly string[]): Promise<void> {
  await run(program, args, { maxBuffer: 1 << 24 }).catch((error: Error & { readonly stderr?: string }) => {
    throw new Error(`${whatIsMissing}\n${error.stderr ?? error.message}`, { cause: error })
  })
}
