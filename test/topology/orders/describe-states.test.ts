import { readFile } from 'node:fs/promises'
import { test } from 'tap'
import { describeOrderStates } from '../../../topology/orders/describe-states.ts'

test('docs/order-states.md is what the tables say when it is generated anew', async t => {
  const path = new URL('../../../docs/order-states.md', import.meta.url)
  t.equal(await readFile(path, 'utf8'), describeOrderStates())
})
