import { type ChannelLetter, type CommandMeta, type EventMeta, type NotificationRequested, type Personal, type SetNotificationPreferences } from '#schemas'
import { setImmediate as turn } from 'node:timers/promises'
import { type Test } from 'tap'
import { type ProcessorDef, type StoreDef } from '../../../streams/processor.ts'
import { type TestDriver, createTestDriver } from '../../../streams/testing/index.ts'
import { type Body } from '../../../topology/commands/body.ts'
import { type ChannelAnswer, type ChannelPort, type OutsideChannel } from '../../../topology/notifications/channel.ts'
import { createNotificationsProcessor } from '../../../topology/notifications/process-notifications.ts'
import { asUsual } from '../../../topology/notifications/request-notifications.ts'
import { historyStore, notificationStore, profileStore } from '../../../topology/notifications/stores.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'

export const userId = '00000000-0000-4000-8000-0000000000aa'
export const startMs = Date.UTC(2026, 0, 1)
export const minuteMs = 60_000
export const sealed = (text: string): Personal => ({ keyId: `user/${userId}`, ciphertext: Buffer.from(text) })
export const idOf = (no: number): string => `00000000-0000-4000-8000-${String(no).padStart(12, '0')}`

const eventMeta: EventMeta = { eventId: idOf(900), occurredAt: startMs, correlationId: 'corr', causationId: 'c', aggregateVersion: 0, tenant: 'default' }
const commandMeta: CommandMeta = { commandId: 'c', bodyHash: null, issuedAt: startMs, correlationId: 'corr', principal: null, tenant: 'default' }

/** A channel of a test: keeps what it was asked for, as a provider's ledger would. */
export class ScriptedChannel implements ChannelPort {
  readonly policy: ChannelPort['policy']
  readonly keyLifeMs: number
  /** Every letter that the provider took, in order, repeats included. */
  readonly ledger: ChannelLetter[] = []
  /** Calls that came, whatever was answered. */
  calls = 0
  /** What the next calls are answered; none = sent. */
  readonly answers: ChannelAnswer[] = []
  /** False: calls are never answered, though the provider takes them. */
  isAnswering = true
  /** False: calls are never answered, and the provider does not take them. */
  isReached = true
  readonly #waiting: Array<() => void> = []

  constructor (policy: ChannelPort['policy'] = 'atLeastOnce', keyLifeMs = 0) {
    this.policy = policy
    this.keyLifeMs = keyLifeMs
  }

  async send (letter: ChannelLetter): Promise<ChannelAnswer> {
    this.calls++
    const answer = this.answers.shift() ?? { kind: 'sent', providerId: `p-${letter.deliveryId}` }
    const isKnown = this.policy === 'once' && this.ledger.some(({ deliveryId }) => deliveryId === letter.deliveryId)
    if (this.isReached && answer.kind === 'sent' && !isKnown) this.ledger.push(letter)
    if (this.isAnswering && this.isReached) return answer
    const waiting = Promise.withResolvers<ChannelAnswer>()
    this.#waiting.push(() => { waiting.resolve(answer) })
    return await waiting.promise
  }

  /** Answers what waits, and what comes from now on. */
  release (): void {
    this.isAnswering = this.isReached = true
    for (const answer of this.#waiting.splice(0)) answer()
  }

  get templates (): readonly string[] { return this.ledger.flatMap(({ parts }) => parts.map(({ template }) => template)) }
}

/** A request to a reader with an account; change what the test is about. */
export function request (no: number, change: Partial<Body<NotificationRequested>> = {}): Body<NotificationRequested> {
  return {
    type: 'NotificationRequested',
    notificationId: idOf(no),
    userId,
    channel: 'email',
    template: 'message',
    orderId: null,
    variables: { subject: `subject ${no}`, body: 'body' },
    recipient: null,
    sealed: null,
    ...asUsual,
    ...change
  }
}

export const noPreferences: Body<SetNotificationPreferences> = {
  type: 'SetNotificationPreferences', userId, locale: null, timeZone: null, quietFrom: null, quietUntil: null, choices: [], phone: null, pushSubscriptions: [], expectedVersion: null
}

/** Notifications over a memory broker, with scripted channels. */
export class NotificationWorld {
  readonly driver: TestDriver
  readonly channels: Readonly<Record<OutsideChannel, ScriptedChannel>>
  readonly #processor: ProcessorDef

  constructor (driver: TestDriver, channels: NotificationWorld['channels'], processor: ProcessorDef) {
    this.driver = driver
    this.channels = channels
    this.#processor = processor
  }

  get email (): ScriptedChannel { return this.channels.email }

  /** Works until nothing moves any more; as long as a call is not answered, for so many turns that everything else is done. */
  async work (): Promise<void> {
    if (Object.values(this.channels).every(({ isAnswering, isReached }) => isAnswering && isReached)) return await this.driver.run()
    for (let turns = 0; turns < 500; turns++) await turn()
  }

  async ask (...requests: ReadonlyArray<Body<NotificationRequested>>): Promise<void> {
    for (const each of requests) await this.driver.pipe(topics.notifications.requests, each.userId, { ...each, meta: eventMeta })
    await this.work()
  }

  async command (command: Body<Parameters<typeof topics.notifications.commands.value.encode>[0]>): Promise<void> {
    await this.driver.pipe(topics.notifications.commands, command.userId, { ...command, meta: commandMeta } as never)
    await this.work()
  }

  async register (): Promise<void> {
    const account = { kind: 'person' as const, email: sealed('ada@example.com'), profile: null, roles: ['Customer'], grants: [] }
    await this.driver.pipe(topics.identity.events, userId, { type: 'UserRegistered', meta: eventMeta, userId, ...account } as never)
    await this.work()
  }

  async deleteUser (): Promise<void> {
    await this.driver.pipe(topics.identity.events, userId, { type: 'UserDeleted', meta: eventMeta, userId })
    await this.work()
  }

  /** Events since the last time this was asked, without those of the inbox. */
  async said (): Promise<string[]> {
    return (await this.driver.read(topics.notifications.events)).map(({ value }) => value).filter(({ channel }) => channel !== 'inApp').map(({ type, channel }) => `${type} ${channel}`)
  }

  async events () {
    return (await this.driver.read(topics.notifications.events)).map(({ value }) => value)
  }

  row = async (no: number) => await this.#stored(notificationStore, idOf(no))
  profile = async () => await this.#stored(profileStore, userId)
  history = async () => await this.#stored(historyStore, userId)

  async #stored<V> (store: StoreDef<V>, key: string): Promise<V | undefined> {
    await this.work()
    return await this.driver.store(this.#processor, store).get(key)
  }

  async status (no: number): Promise<Readonly<Record<string, string>>> {
    return Object.fromEntries((await this.row(no))?.deliveries.map(({ channel, status }) => [channel, status]) ?? [])
  }
}

export interface WorldOptions {
  readonly channels?: Partial<Record<OutsideChannel, ScriptedChannel>>
  /** @default true */
  readonly isRegistered?: boolean
  readonly startMs?: number
}

export async function createWorld (t: Test, { channels = {}, isRegistered = true, startMs: at = startMs }: WorldOptions = {}): Promise<NotificationWorld> {
  await bindMemoryCodec()
  const all = { email: new ScriptedChannel(), sms: new ScriptedChannel('once', 86_400_000), push: new ScriptedChannel(), ...channels }
  const processor = createNotificationsProcessor({ channels: all })
  const driver = await createTestDriver({ nodes: [processor], startMs: at })
  t.teardown(async () => {
    for (const channel of Object.values(all)) channel.release()
    await driver.close()
  })
  const world = new NotificationWorld(driver, all, processor)
  if (isRegistered) await world.register()
  return world
}
