import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A Lua script and the SHA-1 by which the server knows it. */
export interface Script { readonly source: string, readonly sha: string }

export type ScriptName = 'apply' | 'claim' | 'scan' | 'wipe'

/** The scripts of lua/, with what they share in front. */
export const scripts: Readonly<Record<ScriptName, Script>> = Object.freeze({
  apply: load('compare', 'apply'),
  claim: load('compare', 'drop', 'claim'),
  scan: load('scan'),
  wipe: load('drop', 'wipe')
})

function load (...names: readonly string[]): Script {
  const source = names.map(name => readFileSync(new URL(`lua/${name}.lua`, import.meta.url), 'utf8')).join('\n')
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}
