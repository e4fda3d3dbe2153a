/** What is said of a body that is not about anything of ours, or cannot be read. `ignored`: true or not, it is none of our business. */
export type Unheard =
  | { readonly kind: 'ignored', readonly reason: string }
  | { readonly kind: 'unreadable', readonly field: string, readonly message: string }

/** A member of the body that is not what it must be. `field`: its JSON pointer. */
export function unreadable (field: string, message: string): Unheard {
  return { kind: 'unreadable', field, message }
}

/** True for what can name a callback. */
export function isCallbackId (id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.length <= 200
}

export type Json = Readonly<Record<string, unknown>>

/** The members of a JSON object; none for anything else. */
export function objectOf (value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Json : {}
}

/** A text of reasonable length; empty for anything else. */
export function textOf (value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 200) : ''
}
