import {
  type ChannelLetter, type DeliveryPolicy, type NotificationCancelled, type NotificationChannel, type NotificationDelivered, type NotificationDelivery,
  type NotificationFailed, type NotificationSent, type NotificationState, type ReaderHistory, type ReaderProfile
} from '#schemas'
import { type Body } from '../commands/body.ts'
import { type OutsideChannel } from './channel.ts'
import { type DeliveryEvent, deliverySteps } from './delivery-states.ts'
import { type Reader } from './reader.ts'

/** What is told of notifications. */
export type NotificationEventBody = Body<NotificationSent | NotificationDelivered | NotificationFailed | NotificationCancelled>

/** What decisions about a reader's notifications depend on beside the reader. */
export interface NotificationEnvironment {
  readonly nowMs: number
  /** The channels that are there, and what a delivery on each is worth. */
  readonly policies: Readonly<Partial<Record<OutsideChannel, DeliveryPolicy>>>
  readonly rowOf: (notificationId: string) => NotificationState | undefined
}

/** What is said of a step beside where it leads. */
export interface StepDetails {
  readonly change?: Partial<Omit<NotificationDelivery, 'channel' | 'status'>>
  /** Why, for programs. */
  readonly code?: string
  /** Why, for people. */
  readonly message?: string
  readonly inDoubt?: boolean
  /** Digest that took the delivery along. */
  readonly digestId?: string
}

/** A decision in the making: everything is collected here, and carried out by the processor. */
export class NotificationDraft {
  readonly env: NotificationEnvironment
  readonly events: NotificationEventBody[] = []
  readonly letters: ChannelLetter[] = []
  /** When the digest of a channel is due, epoch ms. */
  readonly digests = new Map<NotificationChannel, number>()
  readonly #rows = new Map<string, NotificationState>()
  profile: ReaderProfile
  history: ReaderHistory

  constructor ({ profile, history }: Reader, env: NotificationEnvironment) {
    this.profile = profile
    this.history = history
    this.env = env
  }

  get nowMs (): number { return this.env.nowMs }
  /** The notifications that were changed. */
  get rows (): readonly NotificationState[] { return [...this.#rows.values()] }

  row (notificationId: string): NotificationState | undefined {
    return this.#rows.get(notificationId) ?? this.env.rowOf(notificationId)
  }

  put (row: NotificationState): void {
    this.#rows.set(row.notificationId, row)
  }

  delivery (notificationId: string, channel: NotificationChannel): NotificationDelivery | undefined {
    return this.row(notificationId)?.deliveries.find(delivery => delivery.channel === channel)
  }

  /** Moves a delivery by the table of states, and says so; with a digest goes what it is made of. Nothing happens where its state does not allow it. */
  move (notificationId: string, channel: NotificationChannel, event: DeliveryEvent, details: StepDetails = {}): void {
    const row = this.row(notificationId)
    const before = row?.deliveries.find(delivery => delivery.channel === channel)
    const status = before === undefined ? undefined : deliverySteps[before.status][event]
    if (row === undefined || before === undefined || status === undefined) return
    const code = details.code ?? null
    const delivery = { ...before, dueAt: null, code, at: this.nowMs, ...details.change, status }
    this.put({ ...row, deliveries: row.deliveries.map(each => each === before ? delivery : each) })
    const told = this.#eventOf(row, delivery, event, details)
    if (told === undefined) return
    this.events.push(told)
    const { providerId, unknown, tries } = delivery
    const parts = { ...details, digestId: notificationId, change: { providerId, unknown, tries } }
    for (const part of row.digestOf) this.move(part, channel, event, parts)
  }

  #eventOf (
    { notificationId, userId, template, orderId }: NotificationState, { channel, providerId, unknown, tries }: NotificationDelivery, event: DeliveryEvent,
    { code = '', message = '', inDoubt = false, digestId }: StepDetails
  ): NotificationEventBody | undefined {
    const about = { notificationId, userId, channel, template, orderId }
    const policy = channel === 'inApp' ? 'once' : this.env.policies[channel] ?? 'atLeastOnce'
    switch (event) {
      case 'take': return { type: 'NotificationSent', ...about, providerId, policy, repeated: unknown && policy !== 'once', digestId: digestId ?? null }
      case 'arrive': return { type: 'NotificationDelivered', ...about, providerId }
      case 'bounce':
      case 'fail': return { type: 'NotificationFailed', ...about, providerId, code, message, tries, policy, inDoubt }
      case 'cancel': return { type: 'NotificationCancelled', ...about, reason: code }
      default: return undefined
    }
  }
}
