export { createRedisBackend, type RedisBackendOptions } from './backend.ts'
export { type RedisPaths, openRedisPaths } from './paths.ts'
