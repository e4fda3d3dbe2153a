import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { whyUnfit } from '../../json-bodies.ts'

/** Reads JSON bodies, and refuses with 400 what nothing can be done with, whatever the route: see `whyUnfit`. */
export const jsonBodiesPlugin = fp(async function jsonBodies (app: FastifyInstance) {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => parse(request, text, (error, body) => {
    const fault = error === null ? whyUnfit(body) : undefined
    if (fault === undefined) done(error, body)
    else done(Object.assign(new Error(fault), { statusCode: 400 }))
  }))
}, { name: 'json-bodies' })
