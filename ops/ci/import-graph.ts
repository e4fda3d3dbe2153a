import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import ts from 'typescript'

/** One source file: what it imports, with local files as paths from the root and packages by name. */
export interface SourceFile {
  /** Path from the root of the repository, with forward slashes. */
  readonly path: string
  readonly lines: number
  readonly files: readonly string[]
  /** Those of `files` that are imported for more than their types: only they can make a cycle that matters when modules load. */
  readonly loads: readonly string[]
  readonly packages: readonly string[]
  /** True when it reads or writes `process.env`. */
  readonly usesEnvironment: boolean
}

/** Reads every TypeScript file below the folders. `aliases` are the `imports` of package.json, e.g. `#streams`. */
export function readSources (root: string, folders: readonly string[], aliases: Readonly<Record<string, string>>): SourceFile[] {
  return folders.flatMap(folder => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => posix.join(folder, name.replaceAll('\\', '/')))
    .map(path => parseSource(path, readFileSync(join(root, path), 'utf8'), aliases)))
}

/** The imports of one file, static and dynamic. */
export function parseSource (path: string, text: string, aliases: Readonly<Record<string, string>> = {}): SourceFile {
  const specifiers = new Set(ts.preProcessFile(text, true, true).importedFiles.map(file => file.fileName))
  const typeOnly = typeOnlySpecifiers(text)
  const files: string[] = []
  const loads: string[] = []
  const packages: string[] = []
  for (const specifier of specifiers) {
    const alias = aliases[specifier]
    const file = alias !== undefined ? posix.normalize(alias) : specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined
    if (file === undefined) {
      if (!specifier.startsWith('node:')) packages.push(packageName(specifier))
      continue
    }
    files.push(file)
    if (!typeOnly.has(specifier)) loads.push(file)
  }
  return { path, lines: text.split('\n').length - 1, files, loads, packages, usesEnvironment: /\bprocess\.env\b/.test(withoutComments(text)) }
}

/** Modules from which the file takes nothing but types. */
function typeOnlySpecifiers (text: string): ReadonlySet<string> {
  const types = new Set<string>()
  const values = new Set<string>()
  for (const statement of ts.createSourceFile('', text, ts.ScriptTarget.Latest).statements) {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue
    if (statement.moduleSpecifier === undefined || !ts.isStringLiteral(statement.moduleSpecifier)) continue
    (takesTypesOnly(statement) ? types : values).add(statement.moduleSpecifier.text)
  }
  return types.difference(values)
}

function takesTypesOnly (statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) {
    const names = statement.exportClause
    return statement.isTypeOnly || (names !== undefined && ts.isNamedExports(names) && names.elements.every(element => element.isTypeOnly))
  }
  const clause = statement.importClause
  if (clause === undefined) return false
  const names = clause.namedBindings
  if (clause.isTypeOnly) return true
  return clause.name === undefined && names !== undefined && ts.isNamedImports(names) && names.elements.every(element => element.isTypeOnly)
}

/** `@scope/name` of `@scope/name/deep/file.js`. */
export function packageName (specifier: string): string {
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Every cycle of modules that load each other, once, as the path around it that starts at its first file by name. */
export function findCycles (sources: readonly SourceFile[]): string[][] {
  const byPath = new Map(sources.map(source => [source.path, source]))
  const done = new Set<string>()
  const cycles = new Map<string, string[]>()
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at >= 0) {
      const cycle = rotate(trail.slice(at))
      cycles.set(cycle.join(' → '), cycle)
      return
    }
    if (done.has(path)) return
    for (const next of byPath.get(path)?.loads ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const { path } of sources) visit(path, [])
  return [...cycles.values()]
}

function rotate (cycle: readonly string[]): string[] {
  const first = cycle.indexOf([...cycle].sort()[0] ?? '')
  return [...cycle.slice(first), ...cycle.slice(0, first)]
}

function withoutComments (text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
}
