import { apis, type WireRequest } from './request.ts'

const TOPIC_RESOURCE = 2
const SET = 0

/** The answer for one named resource. */
export interface NamedError { readonly name: string, readonly errorCode: number, readonly message: string | null }

export interface NewTopic {
  readonly name: string
  readonly partitions: number
  readonly replicas: number
  readonly config: Readonly<Record<string, string>>
}

/** CreateTopics v3. */
export function createTopicsRequest (topics: readonly NewTopic[], timeoutMs: number): WireRequest<NamedError[]> {
  return {
    api: apis.createTopics,
    sizeHint: 1024,
    write: (out) => {
      out.array(topics, (_, topic) => {
        out.string(topic.name).int32(topic.partitions).int16(topic.replicas).int32(0)
        out.array(Object.entries(topic.config), (__, [name, value]) => { out.string(name).string(value) })
      })
      out.int32(timeoutMs).boolean(false)
    },
    read: (input) => {
      input.int32()
      return input.array(() => ({ name: input.string(), errorCode: input.int16(), message: input.nullableString() }))
    }
  }
}

/** DeleteTopics v3. */
export function deleteTopicsRequest (topics: readonly string[], timeoutMs: number): WireRequest<NamedError[]> {
  return {
    api: apis.deleteTopics,
    sizeHint: 512,
    write: (out) => { out.array(topics, (_, topic) => { out.string(topic) }).int32(timeoutMs) },
    read: (input) => {
      input.int32()
      return input.array(() => ({ name: input.string(), errorCode: input.int16(), message: null }))
    }
  }
}

/** DescribeConfigs v1 of topics: every effective value, whether set for the topic, the broker, or by default. Null values are left out. */
export function describeTopicConfigsRequest (topics: readonly string[]): WireRequest<Array<NamedError & { readonly config: Record<string, string> }>> {
  return {
    api: apis.describeConfigs,
    sizeHint: 512,
    write: (out) => { out.array(topics, (_, topic) => { out.int8(TOPIC_RESOURCE).string(topic).int32(-1) }).boolean(false) },
    read: (input) => {
      input.int32()
      return input.array(() => {
        const errorCode = input.int16()
        const message = input.nullableString()
        input.int8()
        const name = input.string()
        const config: Record<string, string> = {}
        input.array(() => {
          const key = input.string()
          const value = input.nullableString()
          input.boolean()
          input.int8()
          input.boolean()
          input.array(() => [input.string(), input.nullableString(), input.int8()])
          if (value !== null) config[key] = value
        })
        return { name, errorCode, message, config }
      })
    }
  }
}

/** IncrementalAlterConfigs v0: sets the named values of one topic and keeps every other. */
export function setTopicConfigRequest (topic: string, config: Readonly<Record<string, string>>): WireRequest<NamedError[]> {
  return {
    api: apis.incrementalAlterConfigs,
    sizeHint: 512,
    write: (out) => {
      out.int32(1).int8(TOPIC_RESOURCE).string(topic)
      out.array(Object.entries(config), (_, [name, value]) => { out.string(name).int8(SET).string(value) })
      out.boolean(false)
    },
    read: (input) => {
      input.int32()
      return input.array(() => {
        const errorCode = input.int16()
        const message = input.nullableString()
        input.int8()
        return { name: input.string(), errorCode, message }
      })
    }
  }
}
