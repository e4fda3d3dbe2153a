import { commandId, uuidOfCommand } from '../../topology/envelope.ts'

/** Names a run by what decides its result: source, seed and options. All ids of the run derive from it. 16 hex digits. */
export function createRunId (parts: { readonly source: string, readonly seed: string, readonly options: Readonly<Record<string, string | number>> }): string {
  const options = Object.entries(parts.options).sort(([a], [b]) => a < b ? -1 : 1).map(([name, value]) => `${name}=${value}`)
  return commandId(parts.source, parts.seed, ...options).slice(0, 16)
}

/** A UUID made of the run and a name in it. */
export function runUuid (runId: string, name: string): string {
  return uuidOfCommand(commandId('run', runId, name))
}

/** A command id made of the run and a name in it: the same command of the same run is recognised for ever. */
export function runCommandId (runId: string, name: string): string {
  return commandId('run', runId, 'command', name)
}
