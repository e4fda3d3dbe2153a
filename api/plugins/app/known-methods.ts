import { type FastifyInstance, type FastifyRequest } from 'fastify'

/** What is at a URL. */
export interface KnownMethods {
  /** The methods that the resource at the URL knows, by name; none where there is no resource. */
  of (url: string): readonly string[]
  /** True when the request went to a route with parameters only because the resource at its URL does not know its method: `DELETE /users/me`. */
  isAstray (request: FastifyRequest): boolean
}

/** Sees the routes that are registered after this call, in this instance and below. What stands at every path, as a wildcard, makes no resource. */
export function knownMethods (app: FastifyInstance): KnownMethods {
  const routes = new Map<string, { readonly pattern: RegExp, readonly methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() }
    for (const name of Array.isArray(method) ? method : [method]) route.methods.add(name)
    routes.set(url, route)
  })
  return {
    of: url => {
      const path = pathOf(url)
      const own = routes.get(path)
      const found = own === undefined ? [...routes.values()].filter(({ pattern }) => pattern.test(path)) : [own]
      return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort()
    },
    isAstray: ({ method, url, routeOptions }) => routeOptions.url?.includes(':') === true && routes.get(pathOf(url))?.methods.has(method) === false
  }
}

function pathOf (url: string): string {
  return url.split('?', 1)[0] ?? ''
}

/** `/v1/orders/:id/events` → a path of the same segments, with anything in the place of a parameter. */
function patternOf (url: string): RegExp {
  return new RegExp(`^${url.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`)
}
