export { createMemoryBackend, type MemoryBackend, type MemoryConnection, type StateCall, type StateSnapshot } from './backend.ts'
