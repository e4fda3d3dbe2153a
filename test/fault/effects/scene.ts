import { join } from 'node:path'
import { type SubscribeWebhook } from '#schemas'
import { type Kafka, systemClock, taskKey } from '#streams'
import { createKafkaJs } from '../../../streams/kafka/kafkajs/index.ts'
import { createRedisBackend } from '../../../streams/state/redis/index.ts'
import { deliveryStore, webhooksName } from '../../../topology/webhooks/stores.ts'
import { topics } from '../../../topology/index.ts'
import { bindAgreedCodec } from '../../support/agreed-codec.ts'
import { provisionNodes, topologyOf } from '../../support/provision-nodes.ts'
import { ToldProcess } from '../../support/told-process.ts'
import { watchTopic } from '../../support/watch.ts'
import { type EffectCase, idOf, ownerId, processorOf, recordOf, webhookId } from './effects.ts'
import { type ApplicationJob, type FromApplication, type FromProvider, type ProviderUrls, type ToProvider, applications } from './messages.ts'
import { type Moment, type Verdict } from './moments.ts'
import { type Aim, Trap } from './trap.ts'

/** A case whose process was killed at a moment. */
export interface Killed { readonly effect: EffectCase, readonly moment: Moment, readonly no: number }

/** Where broker and Redis are. */
export interface Services { readonly brokers: readonly string[], readonly redisUrl: string }

/** How long an effect may take to come to its end after its process was started again, ms. */
const patienceMs = 60_000

/** The processes of this folder over a broker and a Redis. */
export class EffectScene {
  readonly #services: Services
  readonly #kafka: Kafka
  readonly #provider: ToldProcess<FromProvider, ToProvider>
  readonly #urls: ProviderUrls
  readonly #watches: Array<Awaited<ReturnType<typeof watchTopic>>> = []
  #application: ToldProcess<FromApplication, Aim> | undefined
  #next = 1

  private constructor (services: Services, kafka: Kafka, provider: ToldProcess<FromProvider, ToProvider>, urls: ProviderUrls) {
    this.#services = services
    this.#kafka = kafka
    this.#provider = provider
    this.#urls = urls
  }

  static async open (services: Services): Promise<EffectScene> {
    const provider = new ToldProcess<FromProvider, ToProvider>(join(import.meta.dirname, 'provider.ts'), [])
    const { urls } = await provider.next('open')
    const nowhere = new Trap()
    const topologies = applications.map(application => topologyOf([processorOf({ application, promised: 'once' }, urls, nowhere)], `effects-${application}`))
    await bindAgreedCodec()
    const kafka = createKafkaJs({ brokers: services.brokers, clientId: 'effects' })
    await kafka.start()
    for (const topology of topologies) await provisionNodes(kafka, topology)
    const scene = new EffectScene(services, kafka, provider, urls)
    for (const topic of [topics.notifications.events, topics.payments.events]) scene.#watches.push(await watchTopic(kafka, topic as never))
    return scene
  }

  /** Makes what an application has to know before there is anything to do. */
  async prepare ({ application }: EffectCase): Promise<void> {
    if (application !== 'webhooks') return
    const meta = { commandId: 'subscribe', bodyHash: null, issuedAt: 0, correlationId: '', principal: ownerId, tenant: 'default' }
    const command: SubscribeWebhook = {
      type: 'SubscribeWebhook', meta, ownerId, webhookId, url: this.#urls.webhook, eventTypes: ['orders.confirmed'], description: '', secretId: 's1'
    }
    const routes = await watchTopic(this.#kafka, topics.webhooks.routes as never)
    await this.#kafka.producer().send([recordOf(topics.webhooks.commands, ownerId, command)])
    await this.#start({ application, promised: 'atLeastOnce' })
    await routes.find('the subscription', () => true)
    routes.close()
    await this.rest()
  }

  /** Asks for an effect, has its process killed at that moment, and starts it again. Resolves when the effect has come to its end. */
  async kill (effect: EffectCase, moment: Moment): Promise<Killed> {
    const no = this.#next++
    const application = this.#application ?? await this.#start(effect)
    application.send({ moment, recordType: effect.recordType })
    await application.next('aimed')
    const held = moment === 'given' ? this.#provider.next('held') : undefined
    if (held !== undefined) this.#provider.send('hold')
    await this.#kafka.producer().send([await effect.ask(no)])
    if (held !== undefined) {
      await held
      await application.kill()
    }
    const signal = await application.ended
    if (signal !== 'SIGKILL') throw new Error(`${effect.name}, ${moment}: the process ended with ${signal}`)
    await this.#start(effect)
    for (const deadline = systemClock.now() + patienceMs; (await this.#recordOf(effect, no)) === undefined;) {
      if (systemClock.now() > deadline) throw new Error(`${effect.name}, ${moment}: it has come to no end`)
      await systemClock.sleep(20)
    }
    return { effect, moment, no }
  }

  /** Ends the application, if one runs. */
  async rest (): Promise<void> {
    await this.#application?.kill()
    this.#application = undefined
  }

  /** What the provider's ledger and the record say of an effect now. */
  async verdict ({ effect, no }: Killed): Promise<Verdict> {
    this.#provider.send('ledger')
    const { entries } = await this.#provider.next('ledger')
    return { times: new Map(entries).get(effect.entry(no)) ?? 0, record: await this.#recordOf(effect, no) ?? 'nothing' }
  }

  async close (): Promise<void> {
    await this.rest()
    for (const watch of this.#watches) watch.close()
    await this.#provider.kill()
    await this.#kafka.close()
  }

  async #start (effect: Pick<EffectCase, 'application' | 'promised'>): Promise<ToldProcess<FromApplication, Aim>> {
    const { application, promised } = effect
    const { brokers, redisUrl } = this.#services
    const job: ApplicationJob = { application, promised, urls: this.#urls, brokers, redisUrl }
    const started = new ToldProcess<FromApplication, Aim>(join(import.meta.dirname, 'application.ts'), [JSON.stringify(job)])
    this.#application = started
    await started.next('ready')
    return started
  }

  /** Undefined = it has no end yet. */
  async #recordOf ({ application }: EffectCase, no: number): Promise<Verdict['record'] | undefined> {
    if (application === 'webhooks') return await this.#deliveryOf(no)
    const ends = this.#watches.flatMap(watch => watch.seen.map(({ value }) => value as unknown as Readonly<Record<string, unknown>> | undefined))
      .filter(value => application === 'payments' ? value?.['orderId'] === idOf(no) && value['type'] !== 'PaymentCreated' : value?.['notificationId'] === idOf(no))
    const [end, ...more] = ends
    if (end === undefined) return undefined
    if (more.length > 0) throw new Error(`effect ${no} has ${ends.length} ends: ${ends.map(each => each?.['type']).join(', ')}`)
    switch (end['type']) {
      case 'PaymentAuthorized': return 'done'
      case 'NotificationSent': return end['repeated'] === true ? 'perhaps twice' : 'done'
      case 'NotificationFailed': return end['inDoubt'] === true ? 'in doubt' : 'nothing'
      default: return 'nothing'
    }
  }

  /** The log of the subscription is its record. */
  async #deliveryOf (no: number): Promise<Verdict['record'] | undefined> {
    const state = createRedisBackend({ url: this.#services.redisUrl })
    try {
      for (let partition = 0; partition < topics.webhooks.deliveries.partitions; partition++) {
        const { rows } = await state.open(taskKey('effects-webhooks', webhooksName, partition)).rows(deliveryStore.name)
        for (const [, bytes] of rows) {
          const { subject, status, attempts } = deliveryStore.value.decode(bytes)
          if (subject === idOf(no) && status === 'delivered') return attempts.some(({ mayBeTwice }) => mayBeTwice) ? 'perhaps twice' : 'done'
        }
      }
      return undefined
    } finally {
      await state.close()
    }
  }
}
