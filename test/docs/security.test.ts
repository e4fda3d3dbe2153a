import { readFile } from 'node:fs/promises'
import { test } from 'tap'
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
