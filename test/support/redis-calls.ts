import { type RedisCalls } from '../../api/adapters/redis-calls.ts'

/** Stands in for the Redis that instances share: runs what the scripts of idempotency do. May be down, or forget. */
export interface SharedMemory {
  readonly calls: RedisCalls
  /** Answers nothing while true. */
  isDown: boolean
  /** What is under each key. */
  readonly keys: Map<string, string>
  forget (): void
}

/** The three scripts of idempotency over a map; lives are not kept. Scripts of other kinds are answered like those of a Redis that is down. */
export function createSharedMemory (): SharedMemory {
  const keys = new Map<string, string>()
  const memory: SharedMemory = {
    keys,
    isDown: false,
    forget: () => { keys.clear() },
    calls: {
      run: async (script, bucket, [field = '', , mine = '', value = '']) => {
        if (memory.isDown || !bucket.startsWith('idempotency:')) return undefined
        const key = `${bucket} ${field}`
        const there = keys.get(key)
        if (script.includes('HDEL')) return there?.startsWith(mine) === true ? Number(keys.delete(key)) : 1
        if (script.includes('return 0')) {
          if (there !== undefined && !there.startsWith(mine)) return 0
          keys.set(key, value)
          return 1
        }
        if (there !== undefined) return Buffer.from(there)
        keys.set(key, `${mine} ${value}`)
        return Buffer.alloc(0)
      }
    }
  }
  return memory
}
