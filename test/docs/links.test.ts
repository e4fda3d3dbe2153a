import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'tap'

const root = resolve(import.meta.dirname, '../..')
const skipped = new Set(['node_modules', '.git', '.cache', '.tap', '.data'])

function markdownFiles (folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : markdownFiles(path)
    return entry.name.endsWith('.md') ? [path] : []
  })
}

/** Targets of the links of a text, those to other sites left out; without fragment. */
function linksOf (text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target.split('#')[0] ?? '').filter(target => target !== '' && !/^[a-z]+:/.test(target))
}

test('every link of a document leads to something in the repository', t => {
  const files = markdownFiles(root)
  t.ok(files.length > 15)
  for (const file of files) {
    const broken = linksOf(readFileSync(file, 'utf8')).filter(target => !existsSync(resolve(dirname(file), target)))
    t.same(broken, [], relative(root, file))
  }
  t.end()
})

test('each of the fifteen patterns has a paragraph that names its code and its test', t => {
  const paragraphs = readFileSync(join(root, 'docs/patterns.md'), 'utf8').split('\n\n').filter(text => text.startsWith('**'))
  t.equal(paragraphs.length, 15)
  for (const text of paragraphs) t.match(text.replaceAll('\n', ' '), /^\*\*[^*]+\.\*\* .*Code: \[.*Test: /, text.slice(0, 30))
  t.end()
})

test('a broken link is found', t => {
  t.same(linksOf('[a](../b.md#c) and [d](https://e.example) and [f](#g)'), ['../b.md'])
  t.end()
})

test('no document holds the marks of a merge', t => {
  for (const file of markdownFiles(root)) t.notMatch(readFileSync(file, 'utf8'), /^(?:<{7}|>{7})/m, relative(root, file))
  t.end()
})
