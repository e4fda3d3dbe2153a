import { test } from 'tap'
import { type EmailClaim } from '#schemas'
import { decideClaim } from '../../../topology/identity/email-claim.ts'
import { emailKey, idOf, metaOf, registration, startMs, userIdOf } from './identity-fixtures.ts'

const claim: EmailClaim = { type: 'EmailClaim', emailKey, userId: userIdOf(1), claimedAt: startMs }
const release = (number: number) => ({ type: 'ReleaseEmail' as const, meta: metaOf(idOf(9)), emailKey, userId: userIdOf(number) })

const cases = [
  ['gets an account that is new', undefined, registration(1), 'claim'],
  ['is not claimed for an account that is gone', undefined, registration(2, { userId: userIdOf(1) }), 'ignore'],
  ['tells its account when somebody registers with it again', claim, registration(2, { userId: userIdOf(1) }), 'tell'],
  ['stays with its account when another one was meant', claim, registration(2), 'ignore'],
  ['is free when its account gives it up', claim, release(1), 'release'],
  ['stays with its account when another one gives it up', claim, release(2), 'ignore'],
  ['stays free when nobody has it', undefined, release(1), 'ignore']
] as const

for (const [name, before, command, kind] of cases) {
  test(`an e-mail address ${name}`, t => {
    t.same(decideClaim(before, command), { kind })
    t.end()
  })
}
