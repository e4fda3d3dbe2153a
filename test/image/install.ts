import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { type Stage, type Step, readDockerIgnore, root } from './dockerfile.ts'

const run = promisify(execFile)

/**
 * Does in `folder` what the Dockerfile says, one folder a stage, without a container: COPY, RUN of the stage that installs, WORKDIR.
 * What the other stages RUN is about the system of the image, and is left out. Returns the folder that is the root of `name`.
 */
export async function performStages (stages: readonly Stage[], name: string, folder: string): Promise<string> {
  const stage = stages.find(each => each.name === name)
  if (stage === undefined) throw new Error(`the Dockerfile has no stage ${name}`)
  const base = stages.some(each => each.name === stage.from) ? await performStages(stages, stage.from, folder) : undefined
  const into = base ?? join(folder, name)
  let workdir = join(into, 'app')
  mkdirSync(workdir, { recursive: true })
  for (const step of stage.steps) {
    if (step.name === 'WORKDIR') mkdirSync(workdir = join(into, step.rest), { recursive: true })
    if (step.name === 'COPY') {
      const from = step.flags['from']
      if (from !== undefined && !existsSync(join(folder, from))) await performStages(stages, from, folder)
      copy(step, { folder, into, workdir })
    }
    if (step.name === 'RUN' && name === 'install') await run('bash', ['-c', step.rest], { cwd: workdir, maxBuffer: 1 << 24 })
  }
  return into
}

interface Places { readonly folder: string, readonly into: string, readonly workdir: string }

function copy ({ flags: { from }, rest }: Step, { folder, into, workdir }: Places): void {
  const [target = '', ...sources] = rest.split(/\s+/).toReversed()
  const destination = target.startsWith('/') ? join(into, target) : join(workdir, target)
  const comes = readDockerIgnore()
  for (const source of sources) {
    const path = from === undefined ? join(root, source) : join(folder, from, source)
    const place = !statSync(path).isDirectory() && target.endsWith('/') ? join(destination, source) : destination
    mkdirSync(dirname(place), { recursive: true })
    const filter = from === undefined ? (file: string): boolean => file === path || statSync(file).isDirectory() || comes(relative(root, file)) : () => true
    cpSync(path, place, { recursive: true, verbatimSymlinks: true, filter })
  }
}

/** Bytes of all files below a folder. */
export function sizeOf (folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0)
}
