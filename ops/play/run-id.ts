import { createHash } from 'node:crypto'

/** Length-prefixed hash, so that no two lists of parts give the same bytes. */
function digest (parts: readonly string[]): Buffer {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part)
  return hash.digest()
}

/** Names a run by what decides its result: source, seed and options. All ids of the run derive from it. 16 hex digits. */
export function createRunId (parts: { readonly source: string, readonly seed: string, readonly options: Readonly<Record<string, string | number>> }): string {
  const options = Object.entries(parts.options).sort(([a], [b]) => a < b ? -1 : 1).map(([name, value]) => `${name}=${value}`)
  return digest([parts.source, parts.seed, ...options]).toString('hex').slice(0, 16)
}

/** A UUID (RFC 9562 version 8: custom hash) made of the run and a name in it. */
export function runUuid (runId: string, name: string): string {
  const bytes = digest([runId, name]).subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** A command id (64 hex digits) made of the run and a name in it: the same command of the same run is recognised for ever. */
export function runCommandId (runId: string, name: string): string {
  return digest([runId, 'command', name]).toString('hex')
}
