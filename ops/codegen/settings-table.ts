/** One setting, described for people. `range` and `fallback` are empty where there is none. */
export interface SettingText { readonly name: string, readonly description: string, readonly unit: string, readonly range: string, readonly fallback: string }

interface SettingSchema {
  readonly description?: string
  readonly unit?: string
  readonly default?: unknown
  readonly enum?: readonly string[]
  readonly minimum?: number
  readonly maximum?: number
}

/** The settings in the order of the schema. */
export function describeSettings (schema: { readonly properties: Readonly<Record<string, object>> }): SettingText[] {
  return Object.entries(schema.properties).map(([name, property]) => {
    const { description = '', unit = '', default: fallback = '', ...limits } = property as SettingSchema
    return { name, description, unit, range: rangeOf(limits), fallback: String(fallback) }
  })
}

function rangeOf ({ enum: names, minimum, maximum }: SettingSchema): string {
  if (names !== undefined) return names.join(' | ')
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`
  return minimum === undefined ? '' : `at least ${minimum}`
}
