import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { resolve } from 'node:path'

/** One change to the text of a source file: what stands there exactly once, and what stands there instead. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string
  readonly find: string
  readonly put: string
}

/** A build of the runtime with one step of its protocol left out or done wrongly. */
export interface KnownBad {
  /** What is wrong with it, in one line. */
  readonly what: string
  readonly edits: readonly Edit[]
}

const root = resolve(import.meta.dirname, '../../..')

/** The text with its edits. @throws when an edit does not find its text exactly once: the source has changed, the edit must follow. */
export function editText (text: string, edits: readonly Edit[]): string {
  return edits.reduce((edited, { file, find, put }) => {
    const parts = edited.split(find)
    if (parts.length !== 2) throw new Error(`a known-bad build edits ${file}, where its text stands ${parts.length - 1} times and not once:\n${find}`)
    return parts.join(put)
  }, text)
}

/**
 * Loads every module of this thread with these edits from now on. Call it before the modules are imported; nothing on disk changes. The
 * returned function throws when a file that was to be edited has not been loaded: call it once everything is.
 */
export function editSources (edits: readonly Edit[]): () => void {
  const byUrl = Map.groupBy(edits, ({ file }) => pathToFileURL(resolve(root, file)).href)
  registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context)
      const itsEdits = byUrl.get(url)
      if (itsEdits === undefined) return loaded
      byUrl.delete(url)
      return { ...loaded, source: editText(String(loaded.source), itsEdits) }
    }
  })
  return () => {
    const [left] = byUrl.keys()
    if (left !== undefined) throw new Error(`a known-bad build edits ${fileURLToPath(left)}, which was not loaded`)
  }
}
