import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Answer, runCommand } from '../stack/command.ts'
import { serviceNames } from '../start/services.ts'
import { bakeProblems } from './bake-file.ts'
import { type ToolName } from './tools.ts'

const root = resolve(import.meta.dirname, '../..')
const at = (...names: readonly string[]): string => join(root, ...names)

/** Runs a tool with arguments; its answer, whatever it is. */
export type Run = (tool: ToolName, args: readonly string[]) => Promise<Answer>

/** What one check found: nothing, or what is wrong, as the tool says it. */
export type Outcome = { readonly ok: true, readonly detail: string } | { readonly ok: false, readonly problem: string }

export interface Check {
  readonly name: string
  readonly needs: readonly ToolName[]
  readonly check: (run: Run) => Promise<Outcome>
}

/** Version of Kubernetes that manifests are made for. */
const kubernetesVersion = '1.36.3'
const schemas = at('ops/kubernetes/schemas/{{.ResourceKind}}-{{.ResourceAPIVersion}}.json')
const environments = ['staging', 'production'] as const

/** Every check, in the order in which they run. */
export const checks: readonly Check[] = [
  { name: 'policies refuse what is wrong', needs: ['conftest'], check: async run => told(await run('conftest', ['verify', '--no-color', '--policy', at('ops/policies')])) },
  ...environments.map((name): Check => ({
    name: `kustomize ${name}`,
    needs: ['kustomize', 'kubeconform', 'conftest'],
    check: async run => await manifests(run, await run('kustomize', ['build', at('ops/kubernetes', name)]))
  })),
  ...serviceNames.map((service): Check => ({
    name: `chart ${service}`,
    needs: ['helm', 'kubeconform'],
    check: async run => await chart(run, at('ops/helm', service), [], false)
  })),
  ...environments.map((name): Check => ({
    name: `chart commerce, ${name}`,
    needs: ['helm', 'kubeconform', 'conftest'],
    check: async run => await chart(run, at('ops/helm/commerce'), ['--values', at(`ops/helm/commerce/values-${name}.yaml`)], true)
  })),
  {
    name: 'chart commerce asks where everything is',
    needs: ['helm'],
    check: async run => refused(await run('helm', ['template', 'commerce', at('ops/helm/commerce'), '--kube-version', kubernetesVersion]), /COMMERCE_BROKERS.*minLength/)
  },
  { name: 'kubeconform refuses a misspelt field', needs: ['kubeconform'], check: async run => refused(await withFile('pod.yaml', misspelt, async file => await conform(run, file)), /restartPolice/) },
  { name: 'bake file', needs: ['conftest'], check: async run => bake(await run('conftest', ['parse', '--parser', 'hcl2', at('docker-bake.hcl')])) },
  { name: 'workflows', needs: ['actionlint'], check: async run => told(await run('actionlint', ['-no-color', ...namesIn('.github/workflows', /\.ya?ml$/)])) },
  { name: 'alert rules and Prometheus', needs: ['promtool'], check: prometheus },
  { name: 'no secrets in the history', needs: ['gitleaks'], check: async run => told(await run('gitleaks', ['git', '--verbose', '--no-banner', '--no-color', '--redact', '--config', at('.gitleaks.toml'), root])) }
]

/** The file of the images can be read, has an image of each service, and nothing that is misspelt. */
function bake ({ ok, text }: Answer): Outcome {
  const problems = ok ? bakeProblems(text, serviceNames) : [text.trim()]
  return problems.length === 0 ? { ok: true, detail: `${serviceNames.length} services` } : { ok: false, problem: problems.join('\n') }
}

const misspelt = 'apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec: { restartPolice: Never, containers: [{ name: a, image: "a:1.0" }] }\n'

/** A chart is well made, and so is what it makes; `isWhole`: what it makes is a deployment of its own, and keeps to the policies. */
async function chart (run: Run, folder: string, values: readonly string[], isWhole: boolean): Promise<Outcome> {
  const version = ['--kube-version', kubernetesVersion]
  const lint = await run('helm', ['lint', '--quiet', folder, ...version, ...values])
  if (!lint.ok) return told(lint)
  const rendered = await run('helm', ['template', 'commerce', folder, '--namespace', 'commerce', ...version, ...values])
  return await manifests(run, rendered, isWhole)
}

/** Manifests keep to the schemas of their kinds and, where they are a whole deployment, to the policies. */
async function manifests (run: Run, rendered: Answer, isWhole = true): Promise<Outcome> {
  if (!rendered.ok) return told(rendered)
  // Helm tells on stderr which links it followed.
  const text = rendered.text.replaceAll(/^walk\.go:.*\n/gm, '')
  return await withFile('manifests.yaml', text, async file => {
    const conformed = await conform(run, file)
    if (!conformed.ok || !isWhole) return told(conformed)
    const judged = await run('conftest', ['test', '--no-color', '--combine', '--policy', at('ops/policies'), file])
    return judged.ok ? told(conformed) : told(judged)
  })
}

async function conform (run: Run, file: string): Promise<Answer> {
  return await run('kubeconform', ['-strict', '-summary', '-schema-location', schemas, file])
}

/** Rules are tested by the files beside them: `*.test.yaml` beside `*.yaml`. */
async function prometheus (run: Run): Promise<Outcome> {
  const folder = 'ops/observability'
  const tests = namesIn(folder, /\.test\.ya?ml$/)
  const configurations = namesIn(folder, /(^|\/)prometheus\.ya?ml$/)
  if (tests.length === 0) return { ok: false, problem: `${folder} has no tests of alert rules` }
  const answers = [
    await run('promtool', ['test', 'rules', ...tests]),
    ...await Promise.all(configurations.map(async file => await run('promtool', ['check', 'config', '--syntax-only', file])))
  ]
  const wrong = answers.find(({ ok }) => !ok)
  return wrong === undefined ? { ok: true, detail: `${tests.length} files of tests, ${configurations.length} configurations` } : told(wrong)
}

function namesIn (folder: string, pattern: RegExp): string[] {
  return existsSync(at(folder)) ? readdirSync(at(folder), { recursive: true, encoding: 'utf8' }).filter(name => pattern.test(name)).sort().map(name => at(folder, name)) : []
}

function told ({ ok, text }: Answer): Outcome {
  const lines = text.trim().split('\n')
  return ok ? { ok, detail: (lines.at(-1) ?? '').trim() } : { ok, problem: text.trim() }
}

/** The tool must say no, for the reason that is asked for. */
function refused ({ ok, text }: Answer, reason: RegExp): Outcome {
  return !ok && reason.test(text.replaceAll('\n', ' ')) ? { ok: true, detail: 'refused, as it must be' } : { ok: false, problem: `it should have been refused for ${reason}: ${text}` }
}

async function withFile<T> (name: string, text: string, work: (file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'verify-ops-'))
  try {
    writeFileSync(join(folder, name), text)
    return await work(join(folder, name))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs the programs where they are. */
export function runner (programs: ReadonlyMap<ToolName, string>): Run {
  return async (tool, args) => await runCommand(programs.get(tool) ?? tool, args)
}
