import { setImmediate as turn } from 'node:timers/promises'
import { type Test, test } from 'tap'
import { type ChannelPort } from '../../../topology/notifications/channel.ts'
import { type NotificationWorld, ScriptedChannel, createWorld, idOf, minuteMs, request } from './notification-world.ts'

type Policy = ChannelPort['policy']

/** How often the provider may have a letter, and what must be on record of each case. */
const promises: Readonly<Record<Policy, { readonly counts: readonly number[], readonly keyLifeMs: number }>> = {
  once: { counts: [1], keyLifeMs: 86_400_000 },
  atLeastOnce: { counts: [1, 2], keyLifeMs: 0 },
  atMostOnce: { counts: [0, 1], keyLifeMs: 0 }
}

async function worldOf (t: Test, policy: Policy): Promise<NotificationWorld> {
  return await createWorld(t, { channels: { email: new ScriptedChannel(policy, promises[policy].keyLifeMs) } })
}

/** What the provider has of a letter, and what is told of it. */
async function verdict (world: NotificationWorld, no: number) {
  await world.driver.advance(5 * minuteMs)
  const told = (await world.events()).filter(({ notificationId, channel }) => notificationId === idOf(no) && channel === 'email')
  const letters = world.email.ledger.filter(({ notificationId }) => notificationId === idOf(no)).length
  return { letters, told: told.map(event => [event.type, 'repeated' in event ? event.repeated : 'inDoubt' in event && event.inDoubt]) }
}

type Moment = 'before it is accepted' | 'on the way to the provider' | 'when the provider has it' | 'when it is answered' | 'when it is finished'

/** Kills everything at that moment of the effect. */
const kills: Readonly<Record<Moment, (world: NotificationWorld, ask: () => Promise<void>) => Promise<void>>> = {
  'before it is accepted': async (world, ask) => {
    const asked = ask()
    await world.driver.restart()
    await asked
  },
  'on the way to the provider': async (world, ask) => {
    world.email.isReached = false
    await ask()
    world.email.isReached = true
    await world.driver.restart()
  },
  'when the provider has it': async (world, ask) => {
    world.email.isAnswering = false
    await ask()
    world.email.isAnswering = true
    await world.driver.restart()
  },
  'when it is answered': async (world, ask) => {
    world.email.isAnswering = false
    await ask()
    world.email.release()
    await world.driver.restart()
  },
  'when it is finished': async (world, ask) => {
    await ask()
    await world.driver.restart()
  }
}

const sent = [['NotificationSent', false]]
const sentAgain = [['NotificationSent', true]]
const inDoubt = [['NotificationFailed', true]]

const expected: Readonly<Record<Moment, Readonly<Record<Policy, { readonly letters: number, readonly told: unknown }>>>> = {
  'before it is accepted': { once: { letters: 1, told: sent }, atLeastOnce: { letters: 1, told: sent }, atMostOnce: { letters: 1, told: sent } },
  'on the way to the provider': { once: { letters: 1, told: sent }, atLeastOnce: { letters: 1, told: sentAgain }, atMostOnce: { letters: 0, told: inDoubt } },
  'when the provider has it': { once: { letters: 1, told: sent }, atLeastOnce: { letters: 2, told: sentAgain }, atMostOnce: { letters: 1, told: inDoubt } },
  'when it is answered': { once: { letters: 1, told: sent }, atLeastOnce: { letters: 2, told: sentAgain }, atMostOnce: { letters: 1, told: inDoubt } },
  'when it is finished': { once: { letters: 1, told: sent }, atLeastOnce: { letters: 1, told: sent }, atMostOnce: { letters: 1, told: sent } }
}

for (const moment of Object.keys(expected) as readonly Moment[]) {
  for (const policy of Object.keys(promises) as readonly Policy[]) {
    test(`the ledger of a provider that is ${policy} has a letter as often as the record says when everything dies ${moment}`, async t => {
      const world = await worldOf(t, policy)
      await kills[moment](world, async () => await world.ask(request(1)))
      t.same(await verdict(world, 1), expected[moment][policy])
    })
  }
}

test('a letter is sent as often as its policy allows, and the record says which, when everything dies after any number of steps', async t => {
  for (const policy of Object.keys(promises) as readonly Policy[]) {
    const world = await worldOf(t, policy)
    for (let steps = 0; steps < 30; steps++) {
      const no = steps + 1
      const asked = world.ask(request(no, { urgent: true })).catch(() => {})
      for (let step = 0; step < steps; step++) await turn()
      await world.driver.restart()
      await asked
      const { letters, told } = await verdict(world, no)
      t.ok(promises[policy].counts.includes(letters), `${policy}: ${letters} letters after ${steps} steps`)
      t.equal(told.length, 1, `${policy}: one end is told after ${steps} steps`)
      const [[type, isDoubtful] = []] = told
      if (letters !== 1) t.ok(isDoubtful, `${policy}: ${letters} letters are on record after ${steps} steps`)
      if (type === 'NotificationSent') t.ok(letters >= 1, `${policy}: what is told to be sent is sent after ${steps} steps`)
    }
  }
})
