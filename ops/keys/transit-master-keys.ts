import { readFile } from 'node:fs/promises'
import { request } from 'undici'
import { KeysUnavailable, type MasterKeys } from '../../topology/privacy/key-store.ts'

export interface TransitOptions {
  /** Where the transit engine is mounted, e.g. `https://vault.internal:8200/v1/transit`. */
  readonly url: string
  /** Name of the master key there: of a type that authenticates data, e.g. aes256-gcm96. */
  readonly keyName: string
  /** File that holds the access token; read for every call, so it may be renewed. */
  readonly tokenFile: string
  /** Longest wait for an answer, ms. @default 5000 */
  readonly timeoutMs?: number
}

/**
 * Master keys in a key management service that speaks the transit API of HashiCorp Vault and OpenBao: the master key never leaves it, and every use is in
 * its own audit. It numbers the versions of a key itself: rotating it there makes a new one, and `min_decryption_version` retires the old ones.
 */
export function createTransitMasterKeys (options: TransitOptions): MasterKeys {
  const { url, keyName, tokenFile, timeoutMs = 5000 } = options
  const base = url.replace(/\/$/, '')
  const name = encodeURIComponent(keyName)

  async function ask (method: 'GET' | 'POST', path: string, body?: object): Promise<Readonly<Record<string, unknown>>> {
    try {
      const token = (await readFile(tokenFile, 'utf8')).trim()
      const { statusCode, body: answer } = await request(`${base}${path}`, {
        method,
        headers: { 'x-vault-token': token, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(timeoutMs)
      })
      const text = await answer.text()
      // What a refusal says may repeat what was sent.
      if (statusCode !== 200) throw new Error(`the service answers ${statusCode}`)
      return (JSON.parse(text) as { readonly data: Readonly<Record<string, unknown>> }).data
    } catch (error) {
      throw new KeysUnavailable('the service of the master key does not do what it is asked', { cause: error })
    }
  }

  return {
    wrap: async (keyId, dataKey) => {
      const { ciphertext } = await ask('POST', `/encrypt/${name}`, { plaintext: dataKey.toString('base64'), associated_data: associated(keyId) })
      if (typeof ciphertext !== 'string') throw new KeysUnavailable('the service of the master key gives no ciphertext')
      return { masterKeyId: versionOf(keyName, ciphertext), bytes: Buffer.from(ciphertext) }
    },
    unwrap: async (keyId, { bytes }) => {
      const { plaintext } = await ask('POST', `/decrypt/${name}`, { ciphertext: bytes.toString(), associated_data: associated(keyId) })
      const dataKey = Buffer.from(typeof plaintext === 'string' ? plaintext : '', 'base64')
      if (dataKey.length !== 32) throw new KeysUnavailable('the service of the master key gives no data key')
      return dataKey
    },
    newest: async () => {
      const { latest_version: version } = await ask('GET', `/keys/${name}`)
      return `transit:${keyName}:v${String(version)}`
    }
  }
}

function associated (keyId: string): string {
  return Buffer.from(keyId).toString('base64')
}

/** A ciphertext names the version of its key: `vault:v3:…`. */
function versionOf (keyName: string, ciphertext: string): string {
  const version = /^[a-z]+:(v\d+):/.exec(ciphertext)?.[1]
  if (version === undefined) throw new KeysUnavailable('the service of the master key gives something that is no ciphertext')
  return `transit:${keyName}:${version}`
}
