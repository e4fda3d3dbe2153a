import { join } from 'node:path'
import { test } from 'tap'
import { parseMailToken } from '../../api/identity/opaque-token.ts'
import { freePorts } from '../../ops/stack/ports.ts'
import { serviceNames } from '../../ops/stack/stack.ts'
import { answerOf, createApiClient } from '../client/client.ts'
import { topics } from '../../topology/topics.ts'
import { Child, startCommand } from '../fault/child.ts'
import { letterTo } from '../support/mailbox.ts'
import { usePlatform } from '../support/platform.ts'
import { useStack } from '../support/stack.ts'
import { watchTopic } from '../support/watch.ts'

const password = 'correct horse battery'

/** Asks until the process answers; its end ends the wait. */
async function untilReady (url: string, child: Child): Promise<void> {
  while (child.isRunning) if (await fetch(`${url}/health/live`).then(({ ok }) => ok, () => false)) return
  throw new Error(`the API has ended: ${child.errors}`)
}

test('an API that is killed between the command and its answer costs one session at most, and no account', async t => {
  const services = await useStack(t, { services: serviceNames })
  const platform = services === undefined ? undefined : await usePlatform(t)
  if (services === undefined || platform === undefined) return
  const { endpoints, config } = services
  const [api = 0, metrics = 0] = await freePorts('127.0.0.1', 2)
  const child = new Child([...startCommand, '--role', 'api'], {
    COMMERCE_DATA_DIR: config.dataDir,
    COMMERCE_BROKERS: endpoints.brokers.join(','),
    COMMERCE_REGISTRY_URL: endpoints.registryUrl,
    COMMERCE_REDIS_URL: endpoints.redisUrl,
    COMMERCE_CLICKHOUSE_URL: endpoints.clickhouseUrl,
    COMMERCE_GATEWAY_URL: endpoints.gatewayUrl,
    COMMERCE_API_PORT: String(api),
    COMMERCE_METRICS_PORT: String(metrics)
  }, join(config.dataDir, 'logs', `killed-api-${process.pid}`))
  t.teardown(async () => { if (child.isRunning) await child.end() })
  const doomed = `http://127.0.0.1:${api}`
  const commands = await watchTopic(platform.kafka, topics.identity.commands)
  t.teardown(() => { commands.close() })
  await untilReady(doomed, child)

  const email = `${crypto.randomUUID()}@example.com`
  const [doomedApi, otherApi] = [createApiClient(doomed), createApiClient(platform.apiUrl)]
  await doomedApi.POST('/v1/auth/register', { body: { email, password } })
  const letter = await letterTo(platform, email, 'verify-email')
  const userId = parseMailToken(letter.variables['token'] ?? '')?.userId
  t.equal((await otherApi.POST('/v1/auth/verify-email', { body: { token: String(letter.variables['token']), password } })).response.status, 204)

  // Gone as soon as the command is in the log: whether its answer came before is all the same.
  const login = doomedApi.POST('/v1/auth/login', { body: { email, password } }).then(({ response }) => response.status, () => 'no answer')
  await commands.find('the login', command => command.type === 'LogIn' && command.userId === userId && command.passwordMatched)
  child.signal('SIGKILL')
  t.equal(await child.ended, 'SIGKILL')
  t.comment(`the login was answered with: ${await login}`)

  const again = await answerOf(otherApi.POST('/v1/auth/login', { body: { email, password } }))
  t.equal(again.status, 200, 'another instance takes the next one')
  const me = await answerOf(createApiClient(platform.apiUrl, again.data.accessToken).GET('/v1/users/me'))
  t.match(me, { status: 200, body: { userId, email, sessions: 2, locks: [] } })
})
