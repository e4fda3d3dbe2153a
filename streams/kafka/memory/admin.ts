import { type TopicAdmin } from '../port.ts'
import { BrokerError, translatePlain } from './broker-error.ts'
import { type MemoryTopic } from './broker.ts'
import { type MemoryLink } from './link.ts'

/** Topic administration over one client's link. */
export function createTopicAdmin (link: MemoryLink): TopicAdmin {
  const { broker } = link

  async function ask<T> (handle: () => T): Promise<T> {
    try {
      return await link.call({ api: 'admin' }, handle)
    } catch (error) {
      throw translatePlain(error)
    }
  }

  function existing (name: string): MemoryTopic {
    const topic = broker.topic(name)
    if (topic === undefined) throw new BrokerError('UNKNOWN_TOPIC_OR_PARTITION', name)
    return topic
  }

  return {
    createTopics: async specs => await ask(() => specs.filter(spec => broker.createTopic(spec)).map(spec => spec.name)),
    topicConfigs: async topics => await ask(() => new Map(topics.map(name => [name, { ...existing(name).config }]))),
    alterTopicConfig: async (topic, config) => await ask(() => { Object.assign(existing(topic).config, config) }),
    deleteTopics: async topics => await ask(() => { for (const topic of topics) broker.deleteTopic(existing(topic).name) }),
    listTopics: async () => await ask(() => broker.topicNames()),
    brokerCount: async () => await ask(() => 1)
  }
}
