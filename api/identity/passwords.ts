import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { ApiError } from '../errors.ts'

/** Makes and checks hashes of passwords. */
export interface PasswordHasher {
  /** A hash with its parameters and salt, as a PHC string. */
  hash (password: string): Promise<string>
  /**
   * Holds a password against a hash. Takes as long without a hash (undefined or empty) as with one: nobody learns from the time whether
   * there is an account. `isOld`: it matched, and should be hashed anew with the parameters of today.
   *
   * @throws {ApiError} API_OVERLOADED when too many wait already.
   */
  verify (password: string, phc: string | undefined): Promise<{ readonly matched: boolean, readonly isOld: boolean }>
}

export interface Argon2Options {
  /** @default 19456 */
  readonly memoryKiB?: number
  /** @default 2 */
  readonly passes?: number
  /** @default 1 */
  readonly lanes?: number
  /** Hashes at a time: each takes the memory, and a thread. @default 2 */
  readonly concurrency?: number
  /** Hashes that may wait for their turn; beyond it requests are turned away. @default 100 */
  readonly maxWaiting?: number
}

interface Parameters { readonly memoryKiB: number, readonly passes: number, readonly lanes: number }

const saltBytes = 16
const hashBytes = 32
const format = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d{1,2})\$([\w+/]+)\$([\w+/]+)$/

/** @source OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane. */
export function createArgon2Hasher (options: Argon2Options = {}): PasswordHasher {
  const { memoryKiB = 19_456, passes = 2, lanes = 1, concurrency = 2, maxWaiting = 100 } = options
  const now: Parameters = { memoryKiB, passes, lanes }
  const takeTurn = createTurns(concurrency, maxWaiting)
  const nobody = { ...now, salt: randomBytes(saltBytes), hash: randomBytes(hashBytes) }

  return {
    hash: async password => await takeTurn(async () => {
      const salt = randomBytes(saltBytes)
      return written(now, salt, await derive(password, salt, now))
    }),
    verify: async (password, phc) => await takeTurn(async () => {
      const known = phc === undefined ? undefined : read(phc)
      const { salt, hash, ...parameters } = known ?? nobody
      const found = await derive(password, salt, parameters, hash.length)
      const matched = timingSafeEqual(found, hash) && known !== undefined
      const isOld = parameters.memoryKiB !== memoryKiB || parameters.passes !== passes || parameters.lanes !== lanes
      return { matched, isOld: matched && isOld }
    })
  }
}

async function derive (password: string, salt: Buffer, { memoryKiB, passes, lanes }: Parameters, tagLength = hashBytes): Promise<Buffer> {
  const message = Buffer.from(password.normalize('NFKC'))
  return await new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce: salt, memory: memoryKiB, passes, parallelism: lanes, tagLength }, (error, hash) => {
      if (error === null) resolve(hash)
      else reject(error)
    })
  })
}

function written ({ memoryKiB, passes, lanes }: Parameters, salt: Buffer, hash: Buffer): string {
  return `$argon2id$v=19$m=${memoryKiB},t=${passes},p=${lanes}$${base64(salt)}$${base64(hash)}`
}

function read (phc: string): Parameters & { readonly salt: Buffer, readonly hash: Buffer } | undefined {
  const [, memory, passes, lanes, salt, hash] = format.exec(phc) ?? []
  if (salt === undefined || hash === undefined) return undefined
  return { memoryKiB: Number(memory), passes: Number(passes), lanes: Number(lanes), salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
}

/** Base64 without padding, as PHC strings have it. */
function base64 (bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}

/** Lets so many work at a time; the others wait in line, and what is beyond the line is turned away. */
function createTurns (concurrency: number, maxWaiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  const line: Array<() => void> = []
  let working = 0
  return async work => {
    if (working >= concurrency) {
      if (line.length >= maxWaiting) throw new ApiError('API_OVERLOADED')
      await new Promise<void>(resolve => { line.push(resolve) })
    } else working++
    try {
      return await work()
    } finally {
      const next = line.shift()
      if (next === undefined) working--
      else next()
    }
  }
}
