import { test } from 'tap'
import { defineStore, defineTopic, defineTopology, type EffectDef, jsonSerde, topicsOf, type TypedValue } from '../../streams/index.ts'
import { defineEffectlessSink } from './describe-fixture.ts'
import { commands, counter, topic, totals, type Add } from './runtime/counting.ts'

const never = async (): Promise<never> => { throw new Error('not called') }
const effect: EffectDef = { name: 'x', request: jsonSerde(), keyLifeMs: 0, policy: 'at-most-once', call: never, finish: () => {} }
const compacted = defineTopic<TypedValue>({ name: 'view', partitions: 1, cleanup: { policy: 'compact' }, value: jsonSerde<TypedValue>(), keyName: 'id' })

const invalid: ReadonlyArray<readonly [what: string, make: () => unknown]> = [
  ['an application id with a separator', () => defineTopology({ applicationId: 'a:b', version: '1', nodes: [counter()] })],
  ['no nodes', () => defineTopology({ applicationId: 'app', version: '1', nodes: [] })],
  ['two nodes of one name', () => defineTopology({ applicationId: 'app', version: '1', nodes: [counter(), counter()] })],
  ['a node name with capitals', () => defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ name: 'Counter' })] })],
  ['a node without inputs', () => defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ inputs: [] })] })],
  ['an input twice', () => defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ inputs: [{ topic: commands }, { topic: commands }] })] })],
  ['inputs of different partition counts', () => defineTopology({
    applicationId: 'app', version: '1', nodes: [counter({ inputs: [{ topic: commands }, { topic: topic<Add>('other', 2) }] })]
  })],
  ['one topic with two partition counts', () => defineTopology({
    applicationId: 'app', version: '1', nodes: [counter(), counter({ name: 'other', inputs: [{ topic: topic<Add>('more', 2) }], outputs: [topic('totals', 2)] })]
  })],
  ['a store whose name holds a separator', () => defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ stores: [defineStore('a/b', jsonSerde())] })] })],
  ['a store that takes a name of the runtime', () => defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ stores: [defineStore('#timers', jsonSerde())] })] })],
  ['two effects of one name', () => defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ effects: [effect, effect] })] })],
  ['a processor that lingers for less than no time', () => defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ lingerMs: -1 })] })],
  ['a sink of a compacted topic', () => defineTopology({ applicationId: 'app', version: '1', nodes: [defineEffectlessSink([compacted])] })],
  ['a processor that parks keys which nobody could release', () => defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ parking: 'key' })] })],
  ['fewer partitions of dead-letter commands than a processor has', () => defineTopology({
    applicationId: 'app',
    version: '1',
    nodes: [counter({ inputs: [{ topic: topic<Add>('wide', 2) }] })],
    deadLetters: { commands: { name: 'dlq.commands', partitions: 1 }, events: { name: 'dlq.events', partitions: 1 } }
  })],
  ['a topic without partitions', () => defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ outputs: [topic('none', 0)] })] })]
]

for (const [what, make] of invalid) {
  test(`a topology is refused for ${what}`, async t => { t.throws(make, { code: 'STR_TOPOLOGY_INVALID' }) })
}

test('a topology names each of its topics once', async t => {
  const topology = defineTopology({ applicationId: 'app', version: '1', nodes: [counter(), defineEffectlessSink([totals])] })
  t.same(topicsOf(topology).map(({ name }) => name), ['commands', 'totals'])
  t.ok(Object.isFrozen(topology))
})
