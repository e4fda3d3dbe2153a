import { test } from 'tap'
import { defineEffectlessSink } from './describe-fixture.ts'
import { defineGlobalTable, defineTopology, describeNodes, describeTopology, jsonSerde } from '../../streams/index.ts'
import { commands, counter, topic, type Event } from './runtime/counting.ts'

const topology = defineTopology({
  applicationId: 'app',
  version: '7',
  nodes: [
    counter({
      globals: [defineGlobalTable('prices', topic<Event>('prices'))],
      effects: [{
        name: 'charge', request: jsonSerde(), keyLifeMs: 0, policy: 'at-most-once', call: async () => ({ kind: 'unknown', message: '' }), finish: () => {}
      }]
    }),
    defineEffectlessSink([commands])
  ]
})

test('a topology describes itself as text', async t => {
  t.equal(describeTopology(topology, 'text'), `topology app, version 7

processor counter, 1 partition
  reads     commands
  handles   Add, Fail, Remind
  global    prices from prices
  store     counts
  timers    yes
  effect    charge, at-most-once
  writes    totals
  changelog app-counter-changelog

sink archive, 1 partition
  reads     commands
  target    memory
  changelog app-archive-changelog
`)
})

test('a topology says which processors park keys', async t => {
  const deadLetters = { commands: { name: 'dlq.commands', partitions: 1 }, events: { name: 'dlq.events', partitions: 1 } }
  const parking = defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ parking: 'key' })], deadLetters })
  t.match(describeTopology(parking, 'text'), /parks {5}by key/)
  t.same(describeNodes(parking).nodes.map(({ parking }) => parking), ['key'])
  t.same(describeNodes(topology).nodes.map(({ parking }) => parking), ['none', 'none'])
})

test('a topology describes itself as a Mermaid flowchart', async t => {
  t.equal(describeTopology(topology, 'mermaid'), `flowchart LR
  n0["counter"]
  t0[/"commands"/]
  t0 --> n0
  t1[/"prices"/]
  t1 -.-> n0
  t2[/"totals"/]
  n0 --> t2
  n0 <--> n0_charge(("charge"))
  n1[("archive")]
  t0 --> n1
`)
})

test('a topology describes itself as JSON that reads back', async t => {
  t.same(JSON.parse(describeTopology(topology, 'json')), describeNodes(topology))
})
