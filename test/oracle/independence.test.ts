import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'

/** Makes files for the oracle and is no part of it. */
const makers = ['synthetic.ts']

test('the oracle shares no code with the platform when it judges it', t => {
  const sources = readdirSync(import.meta.dirname).filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts') && !makers.includes(name))
  t.ok(sources.includes('figures.ts'))
  for (const name of sources) {
    const imports = [...readFileSync(join(import.meta.dirname, name), 'utf8').matchAll(/(?:from|import) ?\(?'([^']+)'/g)].map(([, from = '']) => from)
    t.same(imports.filter(from => !from.startsWith('./') && !from.startsWith('node:')), [], name)
  }
  t.end()
})
