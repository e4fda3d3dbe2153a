import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Where the hand-written schemas live, from the root of the repository. */
export const avroFolder = 'schemas/avro'

export interface AvroField { readonly name: string, readonly type: AvroType, readonly doc?: string, readonly default?: unknown }
export interface AvroRecord { readonly type: 'record', readonly name: string, readonly namespace: string, readonly doc: string, readonly fields: readonly AvroField[] }
export interface AvroEnum {
  readonly type: 'enum'
  readonly name: string
  readonly namespace: string
  readonly doc: string
  readonly symbols: readonly string[]
  readonly default: string
}
export interface AvroArray { readonly type: 'array', readonly items: AvroType }
export interface AvroMap { readonly type: 'map', readonly values: AvroType }
export interface AvroLogical { readonly type: string, readonly logicalType: string, readonly precision?: number, readonly scale?: number }
export type AvroNamed = AvroRecord | AvroEnum
export type AvroType = string | readonly AvroType[] | AvroNamed | AvroArray | AvroMap | AvroLogical

/** A schema file: one named type. `nested` = another record refers to it, so it never stands alone in a log. */
export interface SchemaFile { readonly fullName: string, readonly path: string, readonly schema: AvroNamed, readonly nested: boolean }

/**
 * Reads every schema file, in the order of full names, and checks what the house rules ask of them: name and namespace are those
 * of the path, every record, enum and field has a `doc`, every name referred to exists, short names are unique.
 *
 * @throws {Error} naming the file and the rule.
 */
export async function readSchemas (root = process.cwd()): Promise<readonly SchemaFile[]> {
  const folder = join(root, avroFolder)
  const paths = (await readdir(folder, { recursive: true })).filter(path => path.endsWith('.avsc')).sort()
  const named = await Promise.all(paths.map(async path => {
    const schema = parse(path, await readFile(join(folder, path), 'utf8'))
    checkFile(path, schema)
    return { path: join(avroFolder, path), schema, fullName: fullName(schema) }
  }))
  const known = new Map(named.map(file => [file.fullName, file]))
  const referred = new Set<string>()
  for (const file of named) {
    for (const name of references(file.schema)) {
      if (!known.has(name)) throw new Error(`${file.path}: refers to ${name}, which no schema file defines`)
      referred.add(name)
    }
  }
  const byShortName = Map.groupBy(named, file => file.schema.name)
  for (const [name, files] of byShortName) {
    if (files.length > 1) throw new Error(`${name} is defined more than once: ${files.map(file => file.path).join(', ')}`)
  }
  return named.map(file => ({ ...file, nested: referred.has(file.fullName) })).sort((a, b) => a.fullName < b.fullName ? -1 : 1)
}

export function fullName (schema: { readonly name: string, readonly namespace: string }): string {
  return `${schema.namespace}.${schema.name}`
}

export function isNamed (type: AvroType): type is AvroNamed {
  return isComplex(type) && (type.type === 'record' || type.type === 'enum')
}
export function isArray (type: AvroType): type is AvroArray { return isComplex(type) && type.type === 'array' }
export function isMap (type: AvroType): type is AvroMap { return isComplex(type) && type.type === 'map' }
export function isUnion (type: AvroType): type is readonly AvroType[] { return Array.isArray(type) }
export function isLogical (type: AvroType): type is AvroLogical { return isComplex(type) && 'logicalType' in type }
function isComplex (type: AvroType): type is Exclude<AvroType, string | readonly AvroType[]> { return typeof type === 'object' && !Array.isArray(type) }

/** The schema of one name with everything it refers to written out at first use: what a registry or a foreign client needs. */
export function selfContained (name: string, files: readonly SchemaFile[]): AvroNamed {
  const known = new Map(files.map(file => [file.fullName, file.schema]))
  const written = new Set<string>()
  const inline = (type: AvroType): AvroType => {
    if (typeof type === 'string') {
      const schema = known.get(type)
      return schema === undefined ? type : inlineNamed(schema)
    }
    if (isUnion(type)) return type.map(inline)
    if (isArray(type)) return { ...type, items: inline(type.items) }
    if (isMap(type)) return { ...type, values: inline(type.values) }
    return type
  }
  const inlineNamed = (schema: AvroNamed): AvroType => {
    const name = fullName(schema)
    if (written.has(name)) return name
    written.add(name)
    return schema.type === 'enum' ? schema : { ...schema, fields: schema.fields.map(field => ({ ...field, type: inline(field.type) })) }
  }
  const schema = known.get(name)
  if (schema === undefined) throw new Error(`no schema file defines ${name}`)
  return inlineNamed(schema) as AvroNamed
}

const primitives = new Set(['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'])

/** Every name that a schema file refers to. */
function references (schema: AvroNamed): readonly string[] {
  const names: string[] = []
  const visit = (type: AvroType): void => {
    if (typeof type === 'string') {
      if (!primitives.has(type)) names.push(type)
    } else if (isUnion(type)) type.forEach(visit)
    else if (isArray(type)) visit(type.items)
    else if (isMap(type)) visit(type.values)
    else if (isNamed(type)) throw new Error(`${fullName(schema)}: ${type.name} needs a file of its own`)
  }
  if (schema.type === 'record') schema.fields.forEach(field => visit(field.type))
  return names
}

function parse (path: string, text: string): AvroNamed {
  try {
    return JSON.parse(text) as AvroNamed
  } catch (error) {
    throw new Error(`${path}: not JSON`, { cause: error })
  }
}

function checkFile (path: string, schema: AvroNamed): void {
  const fail = (rule: string): never => { throw new Error(`${path}: ${rule}`) }
  if (!isNamed(schema)) fail('a schema file holds one record or one enum')
  const expected = path.replace(/\.avsc$/, '').replaceAll('/', '.')
  if (fullName(schema) !== `commerce.${expected}`) fail(`is named ${fullName(schema)}, its path says commerce.${expected}`)
  if (!schema.doc) fail('has no doc')
  if (schema.type === 'enum') {
    if (!schema.symbols.includes(schema.default)) fail('its default is not one of its symbols')
    return
  }
  for (const field of schema.fields) if (!field.doc) fail(`field ${field.name} has no doc`)
}
