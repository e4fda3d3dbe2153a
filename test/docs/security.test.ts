import { readFile } from 'node:fs/promises'
import { test } from 'tap'
import { defaultLimits } from '../../api/plugins/external/rate-limit.ts'
import { permissions, roles } from '../../api/permissions.ts'
import { topics } from '../../topology/topics.ts'

const page = await readFile(new URL('../../docs/security.md', import.meta.url), 'utf8')

test('the roles of docs/security.md are those of the code', t => {
  const rows = Object.entries(roles).map(([role, allowed]) => {
    const list: readonly string[] = allowed
    return `| ${role} | ${list.length === permissions.length ? 'all' : list.length === 0 ? 'what is granted' : list.join(', ')} |`
  })
  const table = page.slice(page.indexOf('<!-- roles -->')).split('\n').slice(1)
  t.same(table.slice(2, table.indexOf('')), rows)
  t.end()
})

test('the places of docs/security.md are topics that there are', t => {
  const names = [...page.matchAll(/`commerce\.(identity\.\w+|notifications\.\w+)`/g)].map(([, name]) => `commerce.${name}`)
  const known: readonly string[] = [topics.identity.commands.name, topics.identity.events.name, topics.notifications.requests.name]
  t.same([...new Set(names)].sort(), known.toSorted())
  t.end()
})

const risks = page.slice(page.indexOf('<!-- owasp -->')).split('\n').filter(line => line.startsWith('| API'))

test('docs/security.md has a row with code and a test for each of the ten OWASP risks', t => {
  t.same(risks.map(row => /^\| (API\d+) /.exec(row)?.[1]), Array.from({ length: 10 }, (_, index) => `API${index + 1}`))
  for (const row of risks) {
    const [, what = '', code = '', tests = ''] = row.split(' | ')
    t.ok(what !== '' && code.includes('](../') && /`test\/[^`]+`: "/.test(`${code} ${tests}`), row.slice(0, 40))
  }
  t.end()
})

test('every test that docs/security.md names is there under that title', async t => {
  const named = risks.flatMap(row => [...row.matchAll(/`(test\/[^`]+)`: "([^"]+)"/g)])
  t.ok(named.length >= 15)
  for (const [, file = '', title = ''] of named) {
    const source = await readFile(new URL(`../../${file}`, import.meta.url), 'utf8')
    t.ok(source.includes(`test('${title.replaceAll("'", "\\'")}', `), `${file}: ${title}`)
  }
})

test('the limits of docs/security.md are those of the code', t => {
  const { user, payments, refused } = defaultLimits
  for (const limit of [`${user.max} a minute, fixed window`, `bucket of ${payments.max.toLocaleString('en')}, and ${payments.refill} more every ${payments.everyMs / 1000} s`, `${refused.max} a minute; good`]) {
    t.ok(page.includes(limit), limit)
  }
  t.end()
})
