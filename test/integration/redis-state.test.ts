import t from 'tap'
import { Redis } from 'ioredis'
import { createRedisBackend } from '../../streams/state/redis/index.ts'
import { type StateSubject, testStateConformance } from '../conformance/state.ts'
import { testScanConformance } from '../conformance/state-scans.ts'
import { ownRedis } from '../support/stack.ts'

const redis = await ownRedis(t)
if (redis !== undefined) {
  const url = redis.endpoint
  const createSubject = async (): Promise<StateSubject> => {
    const other = createRedisBackend({ url })
    return {
      backend: createRedisBackend({ url }),
      other,
      flush: async () => {
        const admin = new Redis(url)
        await admin.flushall()
        await admin.quit()
      },
      close: async () => { await other.close() }
    }
  }
  testStateConformance('redis state', createSubject)
  testScanConformance('redis state', createSubject)
}
