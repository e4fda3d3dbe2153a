import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { test } from 'tap'
import { configurationDoc } from '../../../ops/codegen/configuration-doc.ts'
import { envExample } from '../../../ops/codegen/env-example.ts'
import { describeSettings } from '../../../ops/codegen/settings-table.ts'
import { loadConfig, settings } from '../../../ops/config.ts'

test('a setting is described with its unit, range and default', async t => {
  const schema = { properties: { A: { description: 'x', unit: 'ms', default: 5, minimum: 1 }, B: { enum: ['p', 'q'] }, C: { minimum: 1, maximum: 9 } } }
  t.same(describeSettings(schema), [
    { name: 'A', description: 'x', unit: 'ms', range: 'at least 1', fallback: '5' },
    { name: 'B', description: '', unit: '', range: 'p | q', fallback: '' },
    { name: 'C', description: '', unit: '', range: '1 to 9', fallback: '' }
  ])
})

test('the example file names every setting and changes nothing when all of it is taken', async t => {
  const text = envExample()
  t.same(parseEnv(text), {}, 'as it stands it sets nothing')
  const all = parseEnv(text.replaceAll(/^#((?:COMMERCE|OTEL)_)/gm, '$1'))
  t.same(Object.keys(all).sort(), Object.keys(settings.properties).sort())
  t.same(loadConfig({ env: all, file: false }), loadConfig({ env: {}, file: false }))
  for (const line of text.split('\n')) t.ok(line.length <= 130, line)
})

test('the document has one row for every setting', async t => {
  const rows = configurationDoc().split('\n').filter(line => line.startsWith('| `'))
  t.equal(rows.length, Object.keys(settings.properties).length)
  for (const row of rows) t.equal(row.replaceAll('\\|', '').split('|').length, 7, row)
})

test('what is checked in is what is generated', async t => {
  const root = join(import.meta.dirname, '../../..')
  t.equal(readFileSync(join(root, '.env.example'), 'utf8'), envExample())
  t.equal(readFileSync(join(root, 'docs/configuration.md'), 'utf8'), configurationDoc())
})
