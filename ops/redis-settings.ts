import { resolve } from 'node:path'
import { type Settings } from './config.ts'

/** How a Redis of one's own lets us in. Empty = not given. */
export interface RedisSettings { readonly user: string, readonly password: string, readonly caFile: string }

/** The one thing that goes wrong with them. */
const ESCAPES = 'in a password, characters like # / : @ % and the comma are written as %23 %2F %3A %40 %25 and %2C'

/**
 * Everything that would be without effect is refused: somebody counts on it.
 *
 * @throws {Error} naming the setting, and what is wrong with it.
 */
export function groupRedis (values: Settings): RedisSettings {
  const { COMMERCE_REDIS_USER: user, COMMERCE_REDIS_PASSWORD: password, COMMERCE_REDIS_CA_FILE: file, COMMERCE_REDIS_URL: list } = values
  const urls = list.split(',').map(text => URL.parse(text.trim()))
  const isSecure = urls.every(url => url?.protocol === 'rediss:')
  const wrong = [
    [list === '' && user + password + file !== '', 'COMMERCE_REDIS_USER, COMMERCE_REDIS_PASSWORD and COMMERCE_REDIS_CA_FILE are for a Redis of your own: COMMERCE_REDIS_URL is not set'],
    [list !== '' && urls.some(url => url === null || url.hash !== ''), `COMMERCE_REDIS_URL holds something that is no URL: ${ESCAPES}`],
    [!isSecure && urls.some(url => url?.protocol === 'rediss:'), 'COMMERCE_REDIS_URL names nodes with and without TLS (rediss:// and redis://): all nodes of a cluster have it, or none'],
    [file !== '' && !isSecure, 'COMMERCE_REDIS_CA_FILE is for a rediss:// URL in COMMERCE_REDIS_URL: without TLS nothing is certified'],
    [user !== '' && password === '' && urls[0]?.password === '', 'COMMERCE_REDIS_USER has no password: set COMMERCE_REDIS_PASSWORD, too']
  ] as const
  const problem = wrong.find(([isWrong]) => isWrong)?.[1]
  if (problem !== undefined) throw new Error(problem)
  return { user, password, caFile: file === '' ? '' : resolve(file) }
}
