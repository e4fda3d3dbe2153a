import { test } from 'tap'
import { bakeProblems } from '../../../ops/verify-ops/bake-file.ts'

const good = {
  group: { default: [{ targets: ['service'] }] },
  target: { service: [{ name: 'service', matrix: { service: ['order', 'gateway'] }, tags: [`$${'{REGISTRY}'}/image`], dockerfile: 'Dockerfile' }] },
  variable: { REGISTRY: [{ default: 'here' }] }
}
const services = ['order', 'gateway']
const problemsOf = (file: object): string[] => bakeProblems(JSON.stringify(file), services)

test('a bake file is good when every service has its image and nothing is unknown', async t => {
  t.same(problemsOf(good), [])
})

test('a bake file is told of what is misspelt, missing or too much', async t => {
  const [body] = good.target.service
  t.same(problemsOf({ ...good, targt: {} }), ["there is no block 'targt'"])
  t.same(problemsOf({ ...good, target: { service: [{ ...body, dockerfil: 'a' }] } }), ["target service has no 'dockerfil'"])
  t.same(problemsOf({ ...good, group: { default: [{ targets: ['servce'] }] } }), ["there is no target 'servce'"])
  t.same(problemsOf({ ...good, variable: {} }), ["there is no variable 'REGISTRY'"])
  t.same(problemsOf({ ...good, target: { service: [{ ...body, matrix: { service: ['order', 'door'] } }] } }), ['gateway has no image', 'door is no service'])
})
