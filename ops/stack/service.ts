import { createHash } from 'node:crypto'
import { type Health } from './health.ts'
import { type ProcessName } from './stack.ts'

/** One process of the stack, as data: everything that starting, watching and ending it needs. */
export interface ServiceSpec {
  readonly name: ProcessName
  readonly version: string
  /** Ports it binds on `host`, each with the setting that moves it. */
  readonly ports: ReadonlyArray<{ readonly port: number, readonly setting: string }>
  readonly host: string
  readonly command: string
  readonly args: readonly string[]
  /** Added to a small inherited environment. */
  readonly env: Readonly<Record<string, string>>
  readonly dataDir: string
  /** Written before the start: path → content. */
  readonly files: Readonly<Record<string, string>>
  /** Run once, before the first start on an empty data folder; `done` exists afterwards. */
  readonly format?: { readonly args: readonly string[], readonly done: string }
  readonly health: Health
  readonly stopSignal: NodeJS.Signals
  /** How long the stop signal may take before the kill, ms. */
  readonly graceMs: number
}

/** Changes when the service would be started in another way. */
export function fingerprint (spec: ServiceSpec): string {
  const { command, args, env, files, version } = spec
  return createHash('sha256').update(JSON.stringify({ command, args, env, files, version })).digest('hex').slice(0, 16)
}
