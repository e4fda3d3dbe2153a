import { type FastifySchemaCompiler } from 'fastify'
import { type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'

type Values = Readonly<Record<string, unknown>>

/** What a text must look like to be read as a value of that type; everything else is left as it is, and refused. */
const readers: Readonly<Record<string, { readonly pattern: RegExp, readonly read: (text: string) => unknown }>> = {
  integer: { pattern: /^-?\d{1,15}$/, read: Number },
  number: { pattern: /^-?\d{1,15}(\.\d{1,15})?$/, read: Number },
  boolean: { pattern: /^(true|false)$/, read: text => text === 'true' }
}

/**
 * Compiles the schema of a part of a request. Bodies are taken as they are. Everything else is text: "3" is read as a number where one
 * is asked for, "true", "" and "3e2" are not.
 */
export const compileRequestSchema: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema)
  const { properties = {} } = schema as { readonly properties?: Readonly<Record<string, TSchema & { readonly type?: string }>> }
  const readText = (name: string, value: unknown): unknown => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    const reader = readers[property?.type ?? '']
    if (reader === undefined) return property === undefined ? value : Value.Convert(property, value)
    return typeof value === 'string' && reader.pattern.test(value) ? reader.read(value) : value
  }
  return value => {
    const read = httpPart === 'body' ? value : Object.fromEntries(Object.entries(value as Values).map(([name, text]) => [name, readText(name, text)]))
    // Fastify takes an answer with `error` for a refusal; what the errors are is told by problems.ts.
    return compiled.Check(read) ? { value: read } : { error: compiled.Errors(read) as unknown as Error }
  }
}
