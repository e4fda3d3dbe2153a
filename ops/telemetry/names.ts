import { type Attributes } from '@opentelemetry/api'
import {
  ATTR_DB_COLLECTION_NAME, ATTR_DB_OPERATION_BATCH_SIZE, ATTR_DB_OPERATION_NAME, ATTR_DB_SYSTEM_NAME, ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD, ATTR_HTTP_RESPONSE_STATUS_CODE, ATTR_HTTP_ROUTE,
  ATTR_MESSAGING_BATCH_MESSAGE_COUNT, ATTR_MESSAGING_CONSUMER_GROUP_NAME, ATTR_MESSAGING_DESTINATION_NAME, ATTR_MESSAGING_DESTINATION_PARTITION_ID,
  ATTR_MESSAGING_KAFKA_OFFSET, ATTR_MESSAGING_OPERATION_NAME, ATTR_MESSAGING_OPERATION_TYPE, ATTR_MESSAGING_SYSTEM, ATTR_URL_PATH
} from '@opentelemetry/semantic-conventions/incubating'

/**
 * Every attribute of a span, by the word this code uses for it. Nobody else names one: when the conventions rename theirs again, it is
 * changed here.
 *
 * @source OpenTelemetry semantic conventions 1.45: HTTP, messaging (status Development), database.
 */
export const attribute = {
  batchSize: ATTR_MESSAGING_BATCH_MESSAGE_COUNT,
  errorType: ATTR_ERROR_TYPE,
  group: ATTR_MESSAGING_CONSUMER_GROUP_NAME,
  httpMethod: ATTR_HTTP_REQUEST_METHOD,
  httpRoute: ATTR_HTTP_ROUTE,
  httpStatus: ATTR_HTTP_RESPONSE_STATUS_CODE,
  offset: ATTR_MESSAGING_KAFKA_OFFSET,
  operation: ATTR_MESSAGING_OPERATION_NAME,
  operationType: ATTR_MESSAGING_OPERATION_TYPE,
  partition: ATTR_MESSAGING_DESTINATION_PARTITION_ID,
  rows: ATTR_DB_OPERATION_BATCH_SIZE,
  system: ATTR_MESSAGING_SYSTEM,
  table: ATTR_DB_COLLECTION_NAME,
  topic: ATTR_MESSAGING_DESTINATION_NAME,
  urlPath: ATTR_URL_PATH,
  dbOperation: ATTR_DB_OPERATION_NAME,
  dbSystem: ATTR_DB_SYSTEM_NAME,
  /** Ours: what the conventions have no word for. */
  attempt: 'commerce.effect.attempt',
  effect: 'commerce.effect',
  eventType: 'commerce.event.type',
  /** On a link: why it is there. */
  link: 'commerce.link',
  orderId: 'order.id',
  outcome: 'commerce.effect.outcome',
  processor: 'commerce.processor'
} as const

/** What happens to a record, and its kind in the conventions. */
const operations = { send: 'send', process: 'process', commit: 'settle' } as const

/** The attributes that every span about records has. */
export function messagingAttributes (operation: keyof typeof operations, topic: string | undefined, partition: number): Attributes {
  return {
    [attribute.system]: 'kafka',
    [attribute.operation]: operation,
    [attribute.operationType]: operations[operation],
    [attribute.partition]: String(partition),
    ...(topic === undefined ? {} : { [attribute.topic]: topic })
  }
}
