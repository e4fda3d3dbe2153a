export { createKafkaJs, type KafkaJs, type KafkaJsOptions } from './client.ts'
