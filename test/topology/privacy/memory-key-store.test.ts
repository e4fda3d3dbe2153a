import { test } from 'tap'
import { createMemoryKeyStore } from '../../../topology/privacy/memory-key-store.ts'
import { testKeyStore } from '../../conformance/key-store.ts'

test('a key store in memory keeps to the port', t => {
  testKeyStore(t, async () => {
    const store = createMemoryKeyStore()
    return { store, open: () => store }
  })
  t.end()
})
