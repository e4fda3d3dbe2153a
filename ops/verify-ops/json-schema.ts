/** A schema as OpenAPI writes it; what is not looked at is kept as it is. */
export interface Schema { readonly [keyword: string]: unknown }

/**
 * The schema of one kind, complete in itself: only the definitions that it reaches, no prose, and no property that is not named, so that a
 * misspelt field is found. `definitions`: by their name behind `#/components/schemas/`.
 */
export function closedSchema (schema: Schema, definitions: Readonly<Record<string, Schema>> = {}): Schema {
  const reached = new Map<string, Schema>()
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert)
    if (typeof value !== 'object' || value === null) return value
    return closed(Object.fromEntries(Object.entries(value).map(([key, part]) => key === '$ref' ? [key, refer(part as string)] : [key, isNames(key) ? names(part as Schema) : convert(part)])))
  }
  const names = (parts: Schema): Schema => Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, convert(part)]))
  const refer = (ref: string): string => {
    const name = ref.slice(ref.lastIndexOf('/') + 1)
    const found = definitions[name]
    if (found === undefined) throw new Error(`${ref} is not defined`)
    if (!reached.has(name)) {
      reached.set(name, {})
      reached.set(name, convert(found) as Schema)
    }
    return `#/definitions/${name}`
  }
  const converted = convert(schema) as Schema
  return { ...converted, ...reached.size === 0 ? {} : { definitions: Object.fromEntries([...reached].sort(([a], [b]) => a < b ? -1 : 1)) } }
}

/** Keywords under which names of people stand, not keywords. */
function isNames (key: string): boolean {
  return key === 'properties'
}

function closed (schema: Schema): Schema {
  const { description: _, default: __, example: ___, ...rest } = schema
  const isOpen = rest['x-kubernetes-preserve-unknown-fields'] === true || 'additionalProperties' in rest || !('properties' in rest)
  const either = rest['x-kubernetes-int-or-string'] === true ? { anyOf: [{ type: 'integer' }, { type: 'string' }] } : {}
  const kept = Object.entries(rest).filter(([key]) => !key.startsWith('x-kubernetes-') && key !== 'nullable' && key !== 'format')
  return { ...Object.fromEntries(kept), ...either, ...isOpen ? {} : { additionalProperties: false } }
}
