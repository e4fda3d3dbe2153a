export { createRedisBackend, type RedisBackendOptions } from './backend.ts'
