import { isIP } from 'node:net'
import { type AddressRules, whyAddressRefused } from './address-policy.ts'

/** Longest URL of an endpoint, characters. */
export const maxUrlLength = 2000

/** Ports that may be posted to: those of HTTPS. Other services listen elsewhere. */
const ports: ReadonlySet<string> = new Set(['', '443', '8443'])

/** Last labels of names that mean something only inside of a network. @source RFC 6761, RFC 6762, RFC 8375, and ICANN's .internal */
const insideNames = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|localdomain|test|invalid|onion)$/

/** What a URL is found to be. */
export type EndpointVerdict = { readonly url: URL } | { readonly refused: string }

/**
 * Looks at the URL of an endpoint without asking anybody: https, a name on the public internet or a public address, no user, no fragment, a port of
 * HTTPS. What a name resolves to is checked when it is connected to. Numbers that mean addresses in other notations (decimal, octal, shortened) are
 * addresses here, because the URL parser reads them as a connection would.
 *
 * With `allowLoopback` a loopback address or `localhost` may be posted to over http, at any port.
 */
export function checkEndpoint (text: string, rules: AddressRules): EndpointVerdict {
  if (text.length > maxUrlLength) return { refused: `is longer than ${maxUrlLength} characters` }
  const url = URL.parse(text)
  if (url === null) return { refused: 'is no URL' }
  if (url.username !== '' || url.password !== '') return { refused: 'names a user: nobody is logged in with a URL' }
  if (url.hash !== '') return { refused: 'has a fragment, which is never sent' }
  if (isMended(text)) return { refused: 'has spaces, control characters or backslashes, or not two slashes and a host after its scheme' }
  const host = hostOf(url)
  if (rules.allowLoopback && isLoopback(host)) return url.protocol === 'https:' || url.protocol === 'http:' ? { url } : { refused: 'is not https' }
  if (url.protocol !== 'https:') return { refused: 'is not https' }
  if (!ports.has(url.port)) return { refused: 'has a port that is none of HTTPS: 443 or 8443' }
  const refused = isIP(host) === 0 ? whyNameRefused(host) : whyAddressRefused(host, rules)
  return refused === undefined ? { url } : { refused }
}

/** True when a URL parser leaves out, or reads in another way, what stands there: its owner would see one address, and another would be posted to. */
function isMended (text: string): boolean {
  return /[\s\p{Cc}\\]/u.test(text) || !/^[a-z]+:\/\/[^/@?#]+(?:[/?#]|$)/i.test(text)
}

/** The host as a resolver takes it: addresses of version 6 without their brackets. */
export function hostOf ({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}

function isLoopback (host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && whyAddressRefused(host, { allowLoopback: true }) === undefined && whyAddressRefused(host, { allowLoopback: false }) !== undefined)
}

function whyNameRefused (host: string): string | undefined {
  if (host.endsWith('.')) return 'has a name that ends with a dot'
  if (!host.includes('.') || insideNames.test(host)) return 'has a name that means nothing on the public internet'
  return undefined
}
