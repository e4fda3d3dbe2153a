import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Test, test } from 'tap'
import { createArgon2Hasher } from '../../api/identity/passwords.ts'
import { loadConfig } from '../../ops/config.ts'
import { firstAdminId, provisionFirstAdmin } from '../../ops/provision/first-admin.ts'
import { createMemoryBroker } from '../../streams/kafka/memory/index.ts'
import { createMemoryBackend } from '../../streams/state/memory/index.ts'
import { decideUser, fold } from '../../topology/identity/decide-user.ts'
import { decideClaim } from '../../topology/identity/email-claim.ts'
import { defaultIdentityRules } from '../../topology/identity/rules.ts'
import { topics } from '../../topology/topics.ts'
import { bindMemoryCodec } from '../support/bind-codec.ts'
import { derivedKeys } from '../support/derived-keys.ts'

const nowMs = 1_700_000_000_000

/** A platform on which identity has never run. */
async function site (t: Test, env: Readonly<Record<string, string>> = {}, folder = t.testdir()) {
  await bindMemoryCodec()
  const { identity: settings } = loadConfig({ env: { COMMERCE_DATA_DIR: folder, ...env }, file: false })
  const broker = createMemoryBroker()
  const kafka = broker.client()
  await kafka.start()
  t.teardown(async () => { await kafka.close() })
  const { name, partitions, value } = topics.identity.commands
  await kafka.admin.createTopics([{ name, partitions, replicas: 1, config: {} }])
  const lines: string[] = []
  const keys = derivedKeys(Buffer.alloc(32, 7))
  const state = createMemoryBackend()
  return {
    lines,
    provision: async () => await provisionFirstAdmin({ kafka, state, keys, settings, apiUrl: 'http://api', report: line => lines.push(line), nowMs }),
    commands: () => Array.from({ length: partitions }, (_, partition) => broker.entries(name, partition)).flat()
      .map(entry => value.decode(entry.value as Buffer))
  }
}

test('the first administrator has no password, and a token that sets one is printed', async t => {
  const { lines, provision, commands } = await site(t)
  await provision()
  const [command] = commands()
  if (command?.type !== 'RegisterUser') return t.fail('nobody is registered')
  t.match(command, { userId: firstAdminId, roles: ['Admin'], isVerified: true, passwordHash: '', token: { sealed: null } })
  t.same(decideClaim(undefined, command), { kind: 'claim' })
  const opened = { ...command, type: 'OpenUser' as const }
  const moment = { commandId: command.meta.commandId, nowMs, rules: defaultIdentityRules }
  t.match(fold(undefined, firstAdminId, decideUser(undefined, opened, moment)), { status: 'active', roles: ['Admin'], passwordHash: '', reset: { hash: command.token?.hash } })
  const token = /"token":"(cm_[^"]+)"/.exec(lines.join('\n'))?.[1] ?? ''
  t.match(token, new RegExp(`^cm_${firstAdminId}\\.`))
  t.notOk(JSON.stringify(command).includes(token.split('.')[1] ?? 'none'), 'the token itself is written nowhere')
})

test('the first administrator has the password of a file, and nothing of it is printed', async t => {
  const folder = t.testdir()
  const file = join(folder, 'password')
  await writeFile(file, 'a password from a file\n')
  const { lines, provision, commands } = await site(t, { COMMERCE_ADMIN_PASSWORD_FILE: file, COMMERCE_ADMIN_EMAIL: 'boss@example.com' }, folder)
  await provision()
  const [command] = commands()
  t.match(command, { token: null })
  const hash = command?.type === 'RegisterUser' ? command.passwordHash : ''
  t.match(await createArgon2Hasher().verify('a password from a file', hash), { matched: true, isOld: false })
  t.match(lines, [/^\+ first administrator boss@example.com/])
  t.notMatch(lines.join(), /a password from a file|cm_/)
})

test('a password file that is missing or too short is named, and nobody is made', async t => {
  const folder = t.testdir()
  const file = join(folder, 'password')
  const { provision, commands } = await site(t, { COMMERCE_ADMIN_PASSWORD_FILE: file }, folder)
  await t.rejects(provision(), { code: 'OPS_ADMIN_PASSWORD_UNUSABLE', message: /ENOENT/ })
  await writeFile(file, 'short\n')
  await t.rejects(provision(), { code: 'OPS_ADMIN_PASSWORD_UNUSABLE', message: /holds 5 characters/ })
  t.same(commands(), [])
})

test('no second token is printed while what there is cannot be seen', async t => {
  const { lines, provision, commands } = await site(t)
  await provision()
  await provision()
  t.equal(commands().length, 1)
  t.match(lines.at(-1), /^! first administrator: not seen/)
})
