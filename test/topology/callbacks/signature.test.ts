import { createHmac } from 'node:crypto'
import Stripe from 'stripe'
import { test } from 'tap'
import { checkSignature, signCallback } from '../../../topology/callbacks/signature.ts'

const rules = { secrets: ['whsec_a'], toleranceS: 300 }
const body = Buffer.from('{"id":"evt_1"}')

test('a signature is the one that Stripe\'s own library makes and believes', t => {
  const made = Stripe.webhooks.generateTestHeaderString({ payload: body.toString(), secret: 'whsec_a', timestamp: 1_000 })
  t.equal(checkSignature(made, body, 1_000, rules), 'valid')
  t.match(Stripe.webhooks.constructEvent(body, signCallback('whsec_a', body, Math.floor(Date.now() / 1000)), 'whsec_a'), { id: 'evt_1' })
  t.end()
})

test('a signature covers the time and every byte of the body', t => {
  const signature = signCallback('whsec_a', body, 1_000)
  t.equal(checkSignature(signature.replace('t=1000', 't=1001'), body, 1_000, rules), 'wrong')
  for (let at = 0; at < body.length; at++) {
    const changed = Buffer.from(body)
    changed[at] = (changed[at] as number) ^ 1
    t.equal(checkSignature(signature, changed, 1_000, rules), 'wrong')
  }
  t.end()
})

test('a right signature is stale outside the tolerance, a wrong one stays wrong', t => {
  const signature = signCallback('whsec_a', body, 1_000)
  for (const [nowS, verdict] of [[700, 'valid'], [1_300, 'valid'], [699, 'stale'], [1_301, 'stale']] as const) t.equal(checkSignature(signature, body, nowS, rules), verdict)
  t.equal(checkSignature(signCallback('whsec_b', body, 1_000), body, 5_000, rules), 'wrong')
  t.end()
})

test('a signature of another scheme alone is none', t => {
  const v0 = `t=1000,v0=${createHmac('sha256', 'whsec_a').update('1000.').update(body).digest('hex')}`
  t.equal(checkSignature(v0, body, 1_000, rules), 'malformed')
  for (const header of [' ', ',', 't=,v1=', 't=1e3,v1=00', `t=1000,v1=${'z'.repeat(64)}`, `t=-1,v1=${'0'.repeat(64)}`, `t=1000${`,v1=${'0'.repeat(64)}`.repeat(11)}`]) {
    t.equal(checkSignature(header, body, 1_000, rules), 'malformed', header.slice(0, 20))
  }
  t.equal(checkSignature(undefined, body, 1_000, rules), 'missing')
  t.end()
})

test('no secret believes nobody', t => {
  t.equal(checkSignature(signCallback('', body, 1_000), body, 1_000, { secrets: [], toleranceS: 300 }), 'wrong')
  t.end()
})
