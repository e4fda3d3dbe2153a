import { type Test, test } from 'tap'
import { createKafkaEventFeed } from '../../../api/adapters/kafka-event-feed.ts'
import { createStateNotificationQueries } from '../../../api/adapters/state-notification-queries.ts'
import { EventStream } from '../../../api/events/event-stream.ts'
import { inboxTelling } from '../../../api/notifications/inbox-telling.ts'
import { type NotificationQueries } from '../../../api/notifications/ports.ts'
import { type NotificationBody } from '../../../api/schemas/notification.ts'
import { TemplateSet } from '../../../sinks/index.ts'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { templates } from '../../../topology/notifications/templates.ts'
import { topics } from '../../../topology/topics.ts'
import { derivedKeys } from '../../support/derived-keys.ts'
import { createWorld, idOf, request, userId } from '../../topology/notifications/notification-world.ts'
import { framesOf } from '../orders/event-log.ts'
import { historyIn } from './reader-log.ts'

const startMs = 1_700_000_000_000
const { partitions } = topics.notifications.events
const partition = partitionOf(userId, partitions)
const dayMs = 86_400_000

interface ClientOptions { readonly from?: bigint, readonly reader?: string, readonly asked?: NotificationQueries }

/** A stream over the notifications processor itself: what it writes, and what it keeps. */
async function scene (t: Test, { backlog = 1000n }: { readonly backlog?: bigint } = {}) {
  const world = await createWorld(t, { startMs })
  const { clock, broker, backend } = world.driver
  const kafka = broker.client('api')
  await kafka.start()
  const feed = createKafkaEventFeed({ kafka, clock, topic: topics.notifications.events, backlog })
  t.teardown(() => { feed.close() })
  const queries = createStateNotificationQueries({ backend, applicationId: 'driver' })

  /** A client that reads all it gets; `from` is the first offset that it does not have. */
  function client ({ from = 0n, reader = userId, asked = queries }: ClientOptions = {}) {
    const gone = new AbortController()
    const failures: unknown[] = []
    const telling = inboxTelling({ userId: reader, queries: asked, letters: new TemplateSet(templates), keys: derivedKeys(Buffer.alloc(32, 7)), clock })
    const stream = new EventStream({
      key: reader,
      telling,
      from,
      feed,
      history: historyIn(broker),
      clock,
      heartbeatMs: 15_000,
      expiresAtMs: clock.now() + 60 * dayMs,
      gone: gone.signal,
      onFailure: error => failures.push(error)
    })
    let text = ''
    const reading = (async () => { for await (const frame of stream.frames()) text += frame })()
    const told = (): Array<{ readonly id: string, readonly body: NotificationBody }> =>
      framesOf(text).flatMap(({ id, event, data }) => event === 'notification' ? [{ id: id ?? '', body: data as NotificationBody }] : [])
    const until = async (count: number): Promise<void> => { while (told().length < count) await clock.advance(50) }
    const leave = async (): Promise<void> => {
      gone.abort()
      stream.close()
      await reading
    }
    t.teardown(leave)
    return { told, until, leave, failures }
  }
  const ask = async (...numbers: number[]): Promise<void> => { for (const no of numbers) await world.ask(request(no, { urgent: true })) }
  return { world, clock, queries, client, ask }
}

test('an inbox is told from its beginning, and then what comes, as it reads', async t => {
  const { client, ask } = await scene(t)
  await ask(1, 2)
  const { told, until } = client()
  await until(2)
  await ask(3)
  await until(3)
  t.same(told().map(({ body }) => body.notificationId), [1, 2, 3].map(idOf))
  t.ok(told().every(({ id }) => id.startsWith(`${partition}-`)))
  t.match(told()[2]?.body, { kind: 'message', subject: 'subject 3', text: /body/, isRead: false, deliveries: [{ channel: 'email' }, { channel: 'inApp', status: 'delivered' }] })
})

test('a stream of an inbox that is cut after any notification goes on without loss or repetition, from the log and from analytics', async t => {
  for (const backlog of [1n, 1000n]) {
    const { client, ask } = await scene(t, { backlog })
    await ask(1, 2, 3, 4)
    const whole = client()
    await whole.until(4)
    const all = whole.told()
    await whole.leave()
    for (const [cut, { id }] of all.entries()) {
      const { told, until, leave } = client({ from: BigInt(id.split('-')[1] ?? 0) + 1n })
      await until(all.length - cut - 1)
      t.same(told().map(each => each.id), all.slice(cut + 1).map(each => each.id))
      await leave()
    }
  }
})

test('nobody is told what is in the inbox of another reader of the same partition', async t => {
  const { client, ask } = await scene(t)
  const neighbour = Array.from({ length: 200 }, (_, no) => idOf(1000 + no)).find(id => partitionOf(id, partitions) === partition && id !== userId) ?? ''
  const [own, other] = [client(), client({ reader: neighbour })]
  await ask(1, 2)
  await own.until(2)
  t.same(other.told(), [])
})

test('a notification that the state does not show yet is told once it does, and none is passed over meanwhile', async t => {
  const { client, ask, queries, clock } = await scene(t)
  let isShown = false
  const late: NotificationQueries = { ...queries, one: async (reader, id) => isShown || id !== idOf(2) ? await queries.one(reader, id) : undefined }
  const { told, until, failures } = client({ asked: late })
  await ask(1, 2, 3)
  await until(1)
  await clock.advance(5_000)
  t.same(told().map(({ body }) => body.notificationId), [idOf(1)])
  t.ok(failures.length > 0, 'which is said')
  isShown = true
  await until(3)
  t.same(told().map(({ body }) => body.notificationId), [1, 2, 3].map(idOf))
})

test('what the inbox has forgotten is passed over', async t => {
  const { client, ask, world } = await scene(t)
  await ask(1)
  await world.driver.advance(31 * dayMs)
  await ask(2)
  const { told, until } = client()
  await until(1)
  t.same(told().map(({ body }) => body.notificationId), [idOf(2)])
})
