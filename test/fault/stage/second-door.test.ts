import { test } from 'tap'
import { type ServiceSpec } from '../../../ops/stack/service.ts'
import { withFileLimit, withSecondDoor } from './second-door.ts'

const spec: ServiceSpec = {
  name: 'kafka',
  version: '1',
  host: '127.0.0.1',
  ports: [],
  command: 'java',
  args: ['-cp', 'libs/*', 'kafka.Kafka'],
  env: {},
  dataDir: '/data',
  files: {
    '/data/server.properties': [
      'controller.listener.names=CONTROLLER', 'listeners=PLAINTEXT://h:1,CONTROLLER://h:2', 'advertised.listeners=PLAINTEXT://h:1',
      'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT', ''
    ].join('\n')
  },
  health: { kind: 'kafka', host: 'h', port: 1 },
  stopSignal: 'SIGTERM',
  graceMs: 1
}

test('a broker with a second door listens there and advertises the proxy, and keeps its first door', t => {
  const { files } = withSecondDoor(spec, { host: 'h', port: 3, advertised: 4 })
  t.same(files['/data/server.properties']?.split('\n'), [
    'controller.listener.names=CONTROLLER',
    'listeners=PLAINTEXT://h:1,CONTROLLER://h:2,PROXIED://h:3',
    'advertised.listeners=PLAINTEXT://h:1,PROXIED://h:4',
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT',
    ''
  ])
  t.end()
})

test('a service with a file limit is the same command under a shell that sets the limit', t => {
  const { command, args } = withFileLimit(spec, 64)
  t.equal(command, 'sh')
  t.same(args.slice(2), ['sh', '64', 'java', '-cp', 'libs/*', 'kafka.Kafka'])
  t.end()
})
