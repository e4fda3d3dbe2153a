import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')

/** One instruction: `rest` is what follows its name and its flags, continued lines joined. */
export interface Step { readonly name: string, readonly flags: Readonly<Record<string, string>>, readonly rest: string }

export interface Stage { readonly name: string, readonly from: string, readonly steps: readonly Step[] }

/** The stages of the Dockerfile, in their order. */
export function readDockerfile (text = readFileSync(join(root, 'Dockerfile'), 'utf8')): readonly Stage[] {
  const lines = text.split('\n').filter(line => !line.startsWith('#')).join('\n').replaceAll(/\\\n\s*/g, '').split('\n')
  const stages: Array<{ name: string, from: string, steps: Step[] }> = []
  for (const line of lines.map(line => line.trim()).filter(line => line !== '')) {
    const { name, flags, rest } = readStep(line)
    const stage = stages.at(-1)
    if (name === 'FROM') {
      const [from = '', , as = ''] = rest.split(/\s+/)
      stages.push({ name: as, from, steps: [] })
    } else if (stage === undefined) throw new Error(`${name} stands before the first FROM`)
    else stage.steps.push({ name, flags, rest })
  }
  return stages
}

/** All steps of a stage with those of the stages that it stands on, first to last. */
export function stepsOf (stages: readonly Stage[], name: string): readonly Step[] {
  const stage = stages.find(each => each.name === name)
  return stage === undefined ? [] : [...stepsOf(stages, stage.from), ...stage.steps]
}

/** The last step of that name, e.g. the command that counts. */
export function lastStep (steps: readonly Step[], name: string): Step | undefined {
  return steps.findLast(step => step.name === name)
}

function readStep (line: string): Step {
  const [, name = '', after = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? []
  const flags: Record<string, string> = {}
  let rest = after
  for (let flag = /^--([\w-]+)=(\S+)\s+(.*)$/.exec(rest); flag !== null; flag = /^--([\w-]+)=(\S+)\s+(.*)$/.exec(rest)) {
    flags[flag[1] ?? ''] = flag[2] ?? ''
    rest = flag[3] ?? ''
  }
  return { name, flags, rest }
}

/** Tells which files of the repository may come into an image: the patterns of .dockerignore, of the kinds that it uses. */
export function readDockerIgnore (text = readFileSync(join(root, '.dockerignore'), 'utf8')): (path: string) => boolean {
  const patterns = text.split('\n').map(line => line.trim()).filter(line => line !== '' && !line.startsWith('#'))
  return path => {
    let comes = true
    for (const pattern of patterns) if (matches(pattern.replace(/^!/, ''), path)) comes = pattern.startsWith('!')
    return comes
  }
}

function matches (pattern: string, path: string): boolean {
  if (pattern === '*') return true
  if (pattern.startsWith('**/*')) return path.endsWith(pattern.slice(4))
  return path === pattern || path.startsWith(`${pattern}/`)
}
