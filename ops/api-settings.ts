import { BlockList, isIP } from 'node:net'
import { Type } from 'typebox'
import { type ApiLimits, defaultLimits } from '../api/index.ts'

/** What the API lets in: how much of it, from which pages, and whose word it takes for where a request comes from. */
export interface ApiSettings {
  readonly limits: ApiLimits
  readonly areLimitsLifted: boolean
  readonly corsOrigins: readonly string[]
  readonly trustedProxies: readonly string[]
  /** How long the answer to an Idempotency-Key is remembered, ms. */
  readonly idempotencyMs: number
}

const whole = (value: number, unit: string, description: string) => Type.Integer({ description, default: value, minimum: 1, unit })

/** The settings of the API, as part of all settings. */
export const apiSettings = {
  COMMERCE_PROFILE: Type.Enum(['standard', 'load'], {
    description: '`load` lifts every limit on the number of requests, those on logins included: for load tests on machines that nobody else can reach.', default: 'standard', unit: 'name'
  }),
  COMMERCE_REQUESTS_PER_MINUTE: whole(defaultLimits.user.max, 'requests', 'Requests a minute for one user, or for one address without a token, over all instances of the API.'),
  COMMERCE_PAYMENTS_BURST: whole(defaultLimits.payments.max, 'requests', 'Requests about payments that one user may send at once.'),
  COMMERCE_PAYMENTS_REFILL: whole(defaultLimits.payments.refill, 'requests', 'How many of them come back every 10 seconds.'),
  COMMERCE_REFUSED_PER_MINUTE: whole(defaultLimits.refused.max, 'requests', 'Requests a minute from one address that are refused because of their token; beyond it they are answered 429. Requests with a good token are not touched.'),
  COMMERCE_CORS_ORIGINS: Type.String({ description: 'Origins whose pages may use the API, as https://shop.example, separated by commas. Empty: none.', default: '', unit: 'list of origins' }),
  COMMERCE_TRUSTED_PROXIES: Type.String({
    description: 'Addresses and networks (CIDR) of the proxies in front of the API, separated by commas: from them X-Forwarded-For is believed. Empty: from nobody, and the address of the connection counts.', default: '', unit: 'list of addresses'
  }),
  COMMERCE_IDEMPOTENCY_TTL_S: whole(86_400, 's', 'How long the answer to an Idempotency-Key is kept in Redis, about 75 bytes each at 1,000 a second. After that the log decides: the same key is still the same order.')
}

interface ApiValues {
  readonly COMMERCE_PROFILE: unknown
  readonly COMMERCE_REQUESTS_PER_MINUTE: number
  readonly COMMERCE_PAYMENTS_BURST: number
  readonly COMMERCE_PAYMENTS_REFILL: number
  readonly COMMERCE_REFUSED_PER_MINUTE: number
  readonly COMMERCE_CORS_ORIGINS: string
  readonly COMMERCE_TRUSTED_PROXIES: string
  readonly COMMERCE_IDEMPOTENCY_TTL_S: number
}

const minuteMs = 60_000

/** @throws {Error} naming the setting and what is wrong with it. */
export function groupApi (values: ApiValues): ApiSettings {
  return {
    limits: {
      user: { max: values.COMMERCE_REQUESTS_PER_MINUTE, windowMs: minuteMs },
      payments: { max: values.COMMERCE_PAYMENTS_BURST, refill: values.COMMERCE_PAYMENTS_REFILL, everyMs: 10_000 },
      refused: { max: values.COMMERCE_REFUSED_PER_MINUTE, windowMs: minuteMs }
    },
    areLimitsLifted: values.COMMERCE_PROFILE === 'load',
    corsOrigins: listOf(values.COMMERCE_CORS_ORIGINS, isOrigin, 'COMMERCE_CORS_ORIGINS must be origins like https://shop.example, without a path, and never *'),
    trustedProxies: listOf(values.COMMERCE_TRUSTED_PROXIES, isNetwork, 'COMMERCE_TRUSTED_PROXIES must be addresses or networks like 10.0.0.0/8'),
    idempotencyMs: values.COMMERCE_IDEMPOTENCY_TTL_S * 1000
  }
}

function listOf (text: string, isGood: (entry: string) => boolean, problem: string): readonly string[] {
  const entries = text.split(',').map(entry => entry.trim()).filter(entry => entry !== '')
  const wrong = entries.find(entry => !isGood(entry))
  if (wrong !== undefined) throw new Error(`${problem}: ${wrong}`)
  return entries
}

/** Written as browsers send it: anything else would never match, or match what nobody meant. */
function isOrigin (text: string): boolean {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.origin === text
}

function isNetwork (text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  if (bits === undefined) return true
  if (!/^\d{1,3}$/.test(bits)) return false
  try {
    new BlockList().addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4')
    return Number(bits) > 0
  } catch {
    return false
  }
}
