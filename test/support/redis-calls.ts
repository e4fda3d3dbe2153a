import { type RedisCalls } from '../../api/adapters/redis-calls.ts'

/** Stands in for the Redis that instances share: runs what the scripts of idempotency do. May be down, or forget. */
export interface SharedMemory {
  readonly calls: RedisCalls
  /** Answers nothing while true. */
  isDown: boolean
  /** Calls so far, by the first line of their script's meaning. */
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
      run: async (script, key, [first = '', second = '']) => {
        if (memory.isDown || !key.startsWith('idempotency:')) return undefined
        const there = keys.get(key)
        if (script.includes('UNLINK')) return there === first ? Number(keys.delete(key)) : 1
        if (script.includes('return 0')) {
          if (there !== undefined && there !== first) return 0
          keys.set(key, second)
          return 1
        }
        if (there !== undefined) return Buffer.from(there)
        keys.set(key, first)
        return Buffer.alloc(0)
      }
    }
  }
  return memory
}
