import { type FastifySchema, type FastifySerializerCompiler } from 'fastify'
import build, { type Schema } from 'fast-json-stringify'

type Serialize = (data: unknown) => string

const serializers = new Map<string, Serialize>()

/**
 * Compiles the schema of an answer, each one once in a process: every route answers with the same dozen problems, and compiling them anew
 * for each made most of what it takes to start.
 */
export const compileResponseSchema: FastifySerializerCompiler<FastifySchema> = ({ schema }) => {
  const text = JSON.stringify(schema)
  const known = serializers.get(text)
  if (known !== undefined) return known
  const made: Serialize = build(schema as Schema)
  serializers.set(text, made)
  return made
}
