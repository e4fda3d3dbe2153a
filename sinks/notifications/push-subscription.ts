import { type PushSubscription } from 'web-push'

/** Push services of the browsers that there are. */
export const pushServices: readonly string[] = [
  'fcm.googleapis.com', 'updates.push.services.mozilla.com', 'web.push.apple.com', '.push.apple.com', '.notify.windows.com'
]

/** The subscription of a browser in its JSON; undefined when it is none. */
export function readSubscription (text: string): PushSubscription | undefined {
  try {
    const { endpoint, keys } = JSON.parse(text) as Partial<PushSubscription>
    const isWhole = typeof endpoint === 'string' && typeof keys?.p256dh === 'string' && typeof keys.auth === 'string'
    return isWhole ? { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } } : undefined
  } catch {
    return undefined
  }
}

/** True when the endpoint belongs to a known push service: a reader could have us send requests to anybody otherwise. */
export function isPushEndpoint (endpoint: string, hosts: readonly string[], isPlainAllowed = false): boolean {
  const url = URL.parse(endpoint)
  if (url === null || url.username !== '' || !(url.protocol === 'https:' || (isPlainAllowed && url.protocol === 'http:'))) return false
  if (url.port !== '' && !isPlainAllowed) return false
  return hosts.some(host => host.startsWith('.') ? url.hostname.endsWith(host) : url.hostname === host)
}
