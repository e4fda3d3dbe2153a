import { test } from 'tap'

test('x', async t => { const a: number = 1; t.equal(a, 1) })
