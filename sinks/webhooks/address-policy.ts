import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Which addresses may be posted to. */
export interface AddressRules {
  /** True: loopback addresses, too. For development only. */
  readonly allowLoopback: boolean
}

/** Addresses inside of clouds that look like public ones. @source Azure: "What is IP address 168.63.129.16?" */
const cloudInsides: ReadonlySet<string> = new Set(['168.63.129.16'])

/** All that is routed on the public internet in version 6. @source IANA, IPv6 Global Unicast Address Space */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Why an address may not be posted to, in words; undefined = it may. Only what is plainly public is allowed, rather than all that is not known to be
 * inside: private, loopback, link-local (where clouds keep their metadata), shared (CGNAT), multicast, reserved and translated ranges are refused, and
 * version 4 addresses that are written in version 6.
 */
export function whyAddressRefused (address: string, { allowLoopback }: AddressRules): string | undefined {
  if (isIP(address) === 0 || !ipaddr.isValid(address)) return 'is no address'
  const parsed = ipaddr.parse(address)
  const range = parsed.range()
  if (range === 'loopback' && allowLoopback) return undefined
  if (range !== 'unicast') return `is not public (${range})`
  if (cloudInsides.has(parsed.toString())) return 'is not public (inside of a cloud)'
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(globalUnicast)) return 'is not public (not global)'
  return undefined
}
