import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { problems } from '../../../schemas/problem.ts'

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/** The least severe line that a process writes; setting it acts at once. */
export interface LogLevelPort { level: (typeof levels)[number] }

export interface LogLevelOptions { readonly level?: LogLevelPort }

const Level = Type.Object({ level: Type.Enum([...levels], { description: 'The least severe line that is written.' }) }, {
  additionalProperties: false, description: 'What the log of a process holds.', examples: [{ level: 'debug' }]
})

/** GET and PUT /v1/admin/log-level: of the process that answers, until it ends. Who changed it is in the log, on whichever side of the change it is written. */
export const logLevelRoutes: FastifyPluginAsyncTypebox<LogLevelOptions> = async (app, { level: logLevel = { level: 'info' } }) => {
  const tags = ['admin']
  app.get('/log-level', {
    config: { permission: 'admin' },
    schema: { tags, operationId: 'readLogLevel', summary: 'What this process logs', response: { 200: Level, ...problems(401, 403, 429, 503) } }
  }, async () => ({ level: logLevel.level }))

  app.put('/log-level', {
    config: { permission: 'admin' },
    schema: {
      tags,
      operationId: 'setLogLevel',
      summary: 'Log more, or less',
      description: 'Of the process that answers, until it ends; COMMERCE_LOG_LEVEL is what it begins with.',
      body: Level,
      response: { 200: Level, ...problems(400, 401, 403, 413, 415, 422, 429, 503) }
    }
  }, async request => {
    const { level: to } = request.body
    const { level: from } = logLevel
    const tell = (): void => { request.log.warn({ from, to, by: principalOfRequest(request).subject }, 'the log level is changed') }
    const isQuieter = levels.indexOf(to) > levels.indexOf(from)
    if (isQuieter) tell()
    logLevel.level = to
    if (!isQuieter) tell()
    return { level: to }
  })
}
