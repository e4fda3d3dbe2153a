import { writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import {
  type AvroEnum, type AvroRecord, type AvroType, type SchemaFile,
  isArray, isLogical, isMap, isNamed, isUnion, readSchemas, selfContained
} from './avro-schemas.ts'

/** A file that a generator wrote, by its path from the root of the repository. */
export interface GeneratedFile { readonly path: string, readonly content: string }

const banner = '// Generated from schemas/avro by ops/codegen/avro-types.ts. Do not edit: run `npm run generate`.\n'

/**
 * Generates the TypeScript side of the schemas.
 *
 * - `schemas/generated/types.ts`: an interface per record. Records that stand alone in a log carry `type: '<name>'`; records that
 *   others refer to are plain. decimal → bigint in 1/10^scale; timestamp-millis → epoch ms number; int and long → number;
 *   nullable → `T | null`; enums → string unions beside a `<name>Symbols` array.
 * - `schemas/generated/schemas.ts`: the complete schema of every name, as the registry stores it.
 */
export async function generateAvroTypes (root?: string): Promise<readonly GeneratedFile[]> {
  const files = await readSchemas(root)
  return [
    { path: 'schemas/generated/types.ts', content: typesModule(files) },
    { path: 'schemas/generated/schemas.ts', content: schemasModule(files) }
  ]
}

function typesModule (files: readonly SchemaFile[]): string {
  const names = new Map(files.map(file => [file.fullName, file.schema.name]))
  const declarations = files.map(file => file.schema.type === 'enum' ? enumDeclaration(file.schema) : recordDeclaration(file.schema, file.nested, names))
  const messages = messageNames(files)
  return [
    banner,
    ...declarations,
    '/** Every record that stands alone in a log, by its `type`. */',
    'export interface MessageTypes {',
    ...messages.map(name => `  readonly ${name}: ${name}`),
    '}',
    '',
    '/** Names of the records that stand alone in a log. */',
    'export type MessageName = keyof MessageTypes',
    ''
  ].join('\n')
}

function recordDeclaration (schema: AvroRecord, nested: boolean, names: ReadonlyMap<string, string>): string {
  const fields = schema.fields.flatMap(field => [`  /** ${field.doc} */`, `  readonly ${field.name}: ${typeText(field.type, names)}`])
  const discriminator = nested ? [] : [`  readonly type: '${schema.name}'`]
  return [`/** ${schema.doc} */`, `export interface ${schema.name} {`, ...discriminator, ...fields, '}', ''].join('\n')
}

function enumDeclaration (schema: AvroEnum): string {
  const array = `${schema.name.charAt(0).toLowerCase()}${schema.name.slice(1)}Symbols`
  return [
    `/** Every ${schema.name}, in the order of the schema. */`,
    `export const ${array} = [${schema.symbols.map(symbol => `'${symbol}'`).join(', ')}] as const`,
    `/** ${schema.doc} */`,
    `export type ${schema.name} = (typeof ${array})[number]`,
    ''
  ].join('\n')
}

const primitiveTypes: Readonly<Record<string, string>> = {
  null: 'null', boolean: 'boolean', int: 'number', long: 'number', float: 'number', double: 'number', bytes: 'Buffer', string: 'string'
}

/** Logical types that change the TypeScript type; others (uuid, timestamp-millis) keep that of the underlying type. */
const logicalTypes: Readonly<Record<string, string>> = { decimal: 'bigint', 'timestamp-millis': 'number', uuid: 'string' }

function typeText (type: AvroType, names: ReadonlyMap<string, string>): string {
  if (typeof type === 'string') return primitiveTypes[type] ?? names.get(type) ?? unsupported(type)
  if (isUnion(type)) {
    if (type.length !== 2 || type[0] !== 'null') return unsupported(JSON.stringify(type))
    return `${typeText(type[1] as AvroType, names)} | null`
  }
  if (isArray(type)) {
    const item = typeText(type.items, names)
    return item.includes(' ') ? `ReadonlyArray<${item}>` : `readonly ${item}[]`
  }
  if (isMap(type)) return `Readonly<Record<string, ${typeText(type.values, names)}>>`
  if (isLogical(type)) return logicalTypes[type.logicalType] ?? unsupported(type.logicalType)
  return isNamed(type) ? type.name : unsupported(JSON.stringify(type))
}

function unsupported (type: string): never {
  throw new Error(`the generator has no TypeScript type for ${type}`)
}

function schemasModule (files: readonly SchemaFile[]): string {
  const messages = new Set(messageNames(files))
  const records = files.filter(file => messages.has(file.schema.name))
  return [
    banner,
    "import { type MessageName } from './types.ts'",
    '',
    '/** Avro full name of every record that stands alone in a log. */',
    'export const fullNames = {',
    records.map(file => `  ${file.schema.name}: '${file.fullName}'`).join(',\n'),
    '} as const satisfies Record<MessageName, string>',
    '',
    '/** Complete schema of every record that stands alone in a log, as the registry stores it, by its `type`. */',
    'export const schemas: Readonly<Record<MessageName, object>> = {',
    records.map(file => `  ${file.schema.name}: ${JSON.stringify(selfContained(file.fullName, files))}`).join(',\n'),
    '}',
    ''
  ].join('\n')
}

function messageNames (files: readonly SchemaFile[]): readonly string[] {
  return files.filter(file => file.schema.type === 'record' && !file.nested).map(file => file.schema.name)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const file of await generateAvroTypes()) await writeFile(file.path, file.content)
}
