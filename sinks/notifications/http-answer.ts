import { errors } from 'undici'
import { type SendAnswer } from './channel.ts'

/** A request that never reached the provider was certainly not carried out; any other failure says nothing. */
export function unanswered (error: Error): SendAnswer {
  const code = 'code' in error ? String(error.code) : error.name
  const isUnsent = error instanceof errors.ConnectTimeoutError || ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH'].includes(code)
  return isUnsent
    ? { kind: 'unavailable', code: 'unreachable', message: `the provider cannot be reached (${code})` }
    : { kind: 'unknown', message: `the provider did not answer (${code})` }
}

/** What a status says that is neither success nor about the message: not now, or nobody knows. */
export function troubleOf (status: number): SendAnswer | undefined {
  if (status === 429 || status === 503) return { kind: 'unavailable', code: `http-${status}`, message: `the provider will not now (${status})` }
  if (status >= 500) return { kind: 'unknown', message: `the provider answered ${status}` }
  return undefined
}
