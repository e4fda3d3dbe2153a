import { test } from 'tap'
import { type StripeFailure, answerOfFailure } from '../../../../topology/payments/stripe/answer-of-error.ts'
import { fromMinor, toMinor } from '../../../../topology/payments/stripe/minor-units.ts'

const rows: ReadonlyArray<readonly [what: string, failure: Omit<StripeFailure, 'message'>, kind: string, code?: string]> = [
  ['a declined card', { type: 'card_error', code: 'card_declined', declineCode: 'insufficient_funds', status: 402 }, 'declined', 'insufficient-funds'],
  ['an expired card', { type: 'card_error', code: 'expired_card', status: 402 }, 'declined', 'expired-card'],
  ['a bank that asks for its customer', { type: 'card_error', code: 'authentication_required', status: 402 }, 'declined', 'authentication-required'],
  ['a token nobody issued', { type: 'invalid_request_error', code: 'resource_missing', param: 'payment_method', status: 400 }, 'declined', 'unknown-token'],
  ['too many requests', { type: 'invalid_request_error', code: 'rate_limit', status: 429 }, 'unavailable', 'rate-limited'],
  ['too many requests, without a code', { status: 429 }, 'unavailable', 'rate-limited'],
  ['a payment that is locked', { type: 'invalid_request_error', code: 'lock_timeout', status: 429 }, 'unavailable', 'locked'],
  ['a key of the API that is wrong', { type: 'invalid_request_error', status: 401 }, 'unavailable', 'key-refused'],
  ['a key of the API that may not', { type: 'invalid_request_error', status: 403 }, 'unavailable', 'key-refused'],
  ['a refused connection', { network: 'ECONNREFUSED' }, 'unavailable', 'unreachable'],
  ['an unknown host', { network: 'ENOTFOUND' }, 'unavailable', 'unreachable'],
  ['a timeout', { network: 'ETIMEDOUT' }, 'unknown'],
  ['a connection that broke', { network: 'ECONNRESET' }, 'unknown'],
  ['no answer at all', {}, 'unknown'],
  ['an error of theirs', { type: 'api_error', status: 500 }, 'unknown'],
  ['a gateway before them', { status: 502 }, 'unknown'],
  ['the same key under way', { type: 'idempotency_error', code: 'idempotency_key_in_use', status: 409 }, 'unknown'],
  ['the same payment under way', { type: 'api_error', status: 409 }, 'unknown'],
  ['a key with other content', { type: 'idempotency_error', status: 400 }, 'refused', 'idempotency-key-reused'],
  ['an unknown payment', { type: 'invalid_request_error', code: 'resource_missing', param: 'intent', status: 404 }, 'refused', 'unknown-authorisation'],
  ['a refund too many', { type: 'invalid_request_error', code: 'charge_already_refunded', status: 400 }, 'refused', 'refund-exceeds-captured'],
  ['an authorisation of last week', { type: 'invalid_request_error', code: 'charge_expired_for_capture', status: 400 }, 'refused', 'authorisation-expired'],
  ['a rule we do not know', { type: 'invalid_request_error', code: 'some_new_rule', status: 400 }, 'refused', 'some-new-rule'],
  ['a request without a code', { type: 'invalid_request_error', status: 400 }, 'refused', 'invalid-request'],
  ['an error without a type', { status: 418 }, 'refused', 'http-418'],
  ['a redirect', { status: 302 }, 'unknown']
]

for (const [what, failure, kind, code] of rows) {
  test(`Stripe answers ${what}: ${kind}`, t => {
    const answer = answerOfFailure({ message: 'as it came', ...failure })
    t.equal(answer.kind, kind)
    if (code !== undefined) t.equal('code' in answer && answer.code, code)
    t.end()
  })
}

test('an amount is told to Stripe in its smallest unit, exactly or not at all', t => {
  const cases: ReadonlyArray<readonly [currency: string, amount: bigint, minor: number | undefined]> = [
    ['GBP', 123_400n, 1234], ['GBP', 100n, 1], ['GBP', 50n, undefined], ['GBP', 0n, 0], ['GBP', -100n, undefined], ['JPY', 10_000n, 1], ['JPY', 5_000n, undefined],
    ['KWD', 12_300n, 1230], ['KWD', 12_310n, undefined], ['USD', 9_999_999_999_900n, 99_999_999_999], ['USD', 10_000_000_000_000n, undefined]
  ]
  for (const [currency, amount, minor] of cases) {
    t.equal(toMinor(amount, currency), minor, `${amount} ${currency}`)
    if (minor !== undefined) t.equal(fromMinor(minor, currency), amount)
  }
  t.end()
})
