/** The exact versions that the stack runs: the ones that everything was tested with. */
export const versions = {
  kafka: '4.1.0',
  scala: '2.13',
  log4j: '2.24.3',
  registry: '2.6.13.Final',
  embeddedRedis: '1.4.3',
  mavenDependencyPlugin: '3.8.1',
  redpanda: 'v26.2.1',
  console: 'v3.3.1',
  redisImage: '7.4-alpine',
  clickhouseImage: '26.7'
} as const
