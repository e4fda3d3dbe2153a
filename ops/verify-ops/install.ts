import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../stack/command.ts'
import { type Tool, type ToolName, tools } from './tools.ts'

/** Where the tools are kept, one file a version. */
export const toolFolder = join(import.meta.dirname, '../../.cache/tools/bin')

/** Where the tools that could be had are, and why the others could not. */
export interface Toolbox {
  readonly programs: ReadonlyMap<ToolName, string>
  readonly missing: ReadonlyMap<ToolName, string>
}

/** Builds the tools that are not there yet, one by one; the first time takes minutes. Never rejects. */
export async function openToolbox (names: readonly ToolName[], report: (line: string) => void): Promise<Toolbox> {
  const programs = new Map<ToolName, string>()
  const missing = new Map<ToolName, string>()
  for (const name of names) {
    const program = join(toolFolder, `${name}-${tools[name].version}`)
    const problem = existsSync(program) ? undefined : await build(name, tools[name], program, report)
    if (problem === undefined) programs.set(name, program)
    else missing.set(name, problem)
  }
  return { programs, missing }
}

/** What kept it from being built; undefined when it is there. */
async function build (name: ToolName, { path, version, tags }: Tool, program: string, report: (line: string) => void): Promise<string | undefined> {
  const found = await runCommand('go', ['version'])
  if (!found.found) return 'Go is missing: the tools are built with it. Install Go 1.26 or later (https://go.dev/dl) and put it into PATH'
  report(`building ${name} ${version}, once …`)
  mkdirSync(toolFolder, { recursive: true })
  const draft = mkdtempSync(join(toolFolder, '.new-'))
  try {
    const onTick = (_: string, seconds: number): void => { if (seconds % 15 < 3) report(`  ${name}: ${seconds} s`) }
    const answer = await runCommand('go', ['install', ...tags === undefined ? [] : ['-tags', tags], `${path}@${version}`], { env: { GOBIN: draft }, onTick })
    const [file] = readdirSync(draft)
    if (!answer.ok || file === undefined) return `${path}@${version} cannot be built: ${answer.text.trim().split('\n').at(-1) ?? 'go said nothing'}`
    renameSync(join(draft, file), program)
    return undefined
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}
