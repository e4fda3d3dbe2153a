/** What a target of a bake file may say. @source docs.docker.com/build/bake/reference, "Target" */
const attributes = new Set([
  'annotations', 'args', 'attest', 'cache-from', 'cache-to', 'call', 'context', 'contexts', 'description', 'dockerfile', 'dockerfile-inline', 'entitlements',
  'extra-hosts', 'inherits', 'labels', 'matrix', 'name', 'network', 'no-cache', 'no-cache-filter', 'output', 'platforms', 'pull', 'secret', 'shm-size', 'ssh',
  'tags', 'target', 'ulimits'
])
const blocks = new Set(['group', 'target', 'variable', 'function'])

interface BakeFile {
  readonly group?: Readonly<Record<string, ReadonlyArray<{ readonly targets?: readonly string[] }>>>
  readonly target?: Readonly<Record<string, ReadonlyArray<Readonly<Record<string, unknown>> & { readonly matrix?: { readonly service?: readonly string[] } }>>>
  readonly variable?: Readonly<Record<string, unknown>>
}

/** What is wrong with a bake file, as a parser of HCL gives it (JSON): names that nobody knows, and services without an image. Pure. */
export function bakeProblems (json: string, services: readonly string[]): string[] {
  const file = JSON.parse(json) as BakeFile
  const targets = Object.entries(file.target ?? {})
  const built = targets.flatMap(([name, bodies]) => bodies.flatMap(({ matrix }) => matrix?.service ?? [name]))
  const grouped = Object.values(file.group ?? {}).flatMap(bodies => bodies.flatMap(({ targets = [] }) => targets))
  const used = [...json.matchAll(/\$\{([A-Z_]+)\}/g)].map(([, name = '']) => name)
  return [
    ...Object.keys(file).filter(name => !blocks.has(name)).map(name => `there is no block '${name}'`),
    ...targets.flatMap(([target, bodies]) => bodies.flatMap(body => Object.keys(body).filter(name => !attributes.has(name)).map(name => `target ${target} has no '${name}'`))),
    ...grouped.filter(name => file.target?.[name] === undefined).map(name => `there is no target '${name}'`),
    ...used.filter(name => file.variable?.[name] === undefined).map(name => `there is no variable '${name}'`),
    ...services.filter(service => !built.includes(service)).map(service => `${service} has no image`),
    ...built.filter(name => !services.includes(name)).map(name => `${name} is no service`)
  ]
}
