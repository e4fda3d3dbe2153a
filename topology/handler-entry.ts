/** One of the platform's event handlers: what it reacts to, where it lives, and the test that shows it. */
export interface HandlerEntry {
  /** 1 to 26 are those of the platform that this one replaces, with their names. */
  readonly no: number
  readonly name: string
  /** The node whose task runs it; `runtime` = every processor. */
  readonly node: string
  /** Record types that it handles; `timer` for a timer, nothing where it is part of another handler's decision. */
  readonly on: readonly string[]
  readonly in: readonly string[]
  readonly out: readonly string[]
  /** File that decides. */
  readonly code: string
  /** File and full name of a test that fails without it. */
  readonly test: readonly [file: string, name: string]
}

/** A handler that is promised and not built. */
export interface OpenEntry { readonly no: number, readonly name: string, readonly node: string, readonly isOpen: true }

interface Topic { readonly name: string }
type Place = Pick<HandlerEntry, 'code' | 'test'> & { readonly in: readonly Topic[], readonly out: readonly Topic[] }

const names = (list: readonly Topic[]): string[] => list.map(({ name }) => name)

/** A handler that is built, with the topics by name. */
export function handler (no: number, name: string, node: string, on: readonly string[], place: Place): HandlerEntry {
  return { no, name, node, on, ...place, in: names(place.in), out: names(place.out) }
}

/** A handler that is promised and not built. */
export function open (no: number, name: string, node: string): OpenEntry {
  return { no, name, node, isOpen: true }
}
