import { readFile, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { test } from 'tap'

test('no processor decrypts what is personal, so the log gives the same state after an erasure', async t => {
  const root = resolve(import.meta.dirname, '../../../topology')
  const files = (await readdir(root, { recursive: true })).filter(file => file.endsWith('.ts'))
  const readers: string[] = []
  for (const file of files) {
    const source = await readFile(join(root, file), 'utf8')
    if (/\b(?:decryptPersonal|encryptPersonal|findKey|dataKey) ?\(/.test(source)) readers.push(file)
  }
  t.same(readers.sort(), ['personal.ts', 'privacy/keyring.ts'])
})
