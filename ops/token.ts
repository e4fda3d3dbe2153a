import { type Permission, type Role, isPermission, isRole, roles, signToken } from '../api/index.ts'
import { fail, readOptions } from './command-line.ts'
import { loadConfig } from './config.ts'
import { OpsError } from './errors.ts'
import { openConfiguredKeys, rotateTokenKey } from './token-key.ts'

const usage = `npm run token -- --role ROLE [--sub SUBJECT] [--grant PERMISSION]… [--ttl SECONDS]
npm run token -- --rotate

Prints an access token for the API. Roles: ${Object.keys(roles).join(', ')}.
A customer's subject is its customer id; a service account has only what is granted.
--rotate makes a new key that signs from a minute later on; tokens of the one before live until they expire.
`

/** What the command line asks for: a token. */
export interface TokenRequest { readonly role: Role, readonly subject: string, readonly grants: readonly Permission[], readonly ttlS: number | undefined }

/**
 * Reads the options of `npm run token`; undefined when help is asked for, `rotate` for another key.
 *
 * @throws {OpsError} OPS_OPTION_INVALID naming the option.
 */
export function parseTokenOptions (args: readonly string[]): TokenRequest | 'rotate' | undefined {
  const { role, sub, grant, ttl, help, rotate } = optionsOf(args)
  if (help === true) return undefined
  if (rotate === true) return 'rotate'
  if (!isRole(role)) throw invalid(`--role must be one of ${Object.keys(roles).join(', ')}`)
  const grants = grant ?? []
  const unknown = grants.find(name => !isPermission(name))
  if (unknown !== undefined) throw invalid(`--grant ${unknown} is not a permission`)
  if (grants.length > 0 && role !== 'ServiceAccount') throw invalid('--grant is for --role ServiceAccount only')
  const ttlS = ttl === undefined ? undefined : Number(ttl)
  if (ttlS !== undefined && (!Number.isInteger(ttlS) || ttlS < 1)) throw invalid('--ttl must be a whole number of seconds')
  return { role, subject: sub ?? `${role.toLowerCase()}-1`, grants: grants.filter(isPermission), ttlS }
}

function optionsOf (args: readonly string[]) {
  return readOptions({
    args: [...args],
    options: { role: { type: 'string' }, sub: { type: 'string' }, grant: { type: 'string', multiple: true }, ttl: { type: 'string' }, help: { type: 'boolean' }, rotate: { type: 'boolean' } }
  }).values
}

function invalid (problem: string): OpsError {
  return new OpsError('OPS_OPTION_INVALID', { problem })
}

/** Signs a token as the configuration says. */
export async function createToken (request: TokenRequest, config = loadConfig()): Promise<string> {
  const { issuer, audience, ttlS } = config.token
  return await signToken((await openConfiguredKeys(config)).signing(), { issuer, audience }, {
    subject: request.subject, roles: [request.role], ttlS: request.ttlS ?? ttlS, ...(request.grants.length === 0 ? {} : { grants: request.grants })
  })
}

if (import.meta.main) {
  try {
    const request = parseTokenOptions(process.argv.slice(2))
    if (request === undefined) process.stdout.write(usage)
    else if (request === 'rotate') process.stdout.write(`a new key signs from ${new Date(await rotateTokenKey(loadConfig()) * 1000).toISOString()} on\n`)
    else process.stdout.write(`${await createToken(request)}\n`)
  } catch (error) {
    fail(error)
  }
}
