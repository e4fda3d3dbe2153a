import { test } from 'tap'
import { parseMailToken } from '../../api/identity/opaque-token.ts'
import { serviceNames } from '../../ops/stack/stack.ts'
import { answerOf, createApiClient } from '../client/client.ts'
import { topics } from '../../topology/topics.ts'
import { startDoomedApi } from '../support/doomed-api.ts'
import { letterTo } from '../support/mailbox.ts'
import { usePlatform } from '../support/platform.ts'
import { useStack } from '../support/stack.ts'
import { watchTopic } from '../support/watch.ts'

const password = 'correct horse battery'

test('an API that is killed between the command and its answer costs one session at most, and no account', async t => {
  const services = await useStack(t, { services: serviceNames })
  const platform = services === undefined ? undefined : await usePlatform(t)
  if (services === undefined || platform === undefined) return
  const { url: doomed, child } = await startDoomedApi(t, services)
  const commands = await watchTopic(platform.kafka, topics.identity.commands)
  t.teardown(() => { commands.close() })

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
