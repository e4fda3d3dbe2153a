import { type COMPATIBILITY, SchemaRegistry as RegistryClient, SchemaType } from '@kafkajs/confluent-schema-registry'
import { ensureError, StreamsError } from '../errors.ts'
import { type Compatibility, type RegisteredSchema, type SchemaRegistry } from './registry.ts'

export interface ConfluentRegistryOptions {
  /** Base URL of the Confluent API, e.g. `http://127.0.0.1:8081/apis/ccompat/v7`; user and password in it become basic auth. */
  readonly url: string
  /** One request, ms. @default 10000 */
  readonly timeoutMs?: number
}

interface Answer { readonly status: number, readonly body: Readonly<Record<string, unknown>> }

/** What the registry says no with: 404 is believed only with one of these codes, never from a proxy or a wrong path. */
const NOT_FOUND: ReadonlySet<unknown> = new Set([40401, 40402, 40403, 40408])

const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json'

/**
 * A registry over HTTP, by the Confluent API (Confluent, Redpanda, Apicurio's `ccompat`).
 *
 * Schemas are registered through @kafkajs/confluent-schema-registry. Look-ups are plain requests, because the border between "it says
 * no" and "it does not answer" decides between a dead letter and waiting, and that client tells one as the other: an answer that is
 * not clearly the registry's own is STR_REGISTRY_UNAVAILABLE.
 */
export function createConfluentRegistry (options: ConfluentRegistryOptions): SchemaRegistry {
  const { base, auth, authorization } = parseUrl(options.url)
  const timeoutMs = options.timeoutMs ?? 10_000
  const client = new RegistryClient({ host: base, retry: { retries: 0 }, ...auth === undefined ? {} : { auth } })

  async function ask (method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Answer> {
    const headers = { accept: CONTENT_TYPE, 'content-type': CONTENT_TYPE, ...authorization === undefined ? {} : { authorization } }
    let response: Response
    let text: string
    try {
      const payload = body === undefined ? {} : { body: JSON.stringify(body) }
      response = await fetch(`${base}${path}`, { method, headers, ...payload, signal: AbortSignal.timeout(timeoutMs) })
      text = await response.text()
    } catch (error) {
      throw unavailable(method, path, ensureError(error).name, error)
    }
    const parsed = parse(text)
    if (parsed === undefined) throw unavailable(method, path, `HTTP ${response.status} without a JSON body`)
    if (response.ok || response.status === 409 || response.status === 422) return { status: response.status, body: parsed }
    if (response.status === 404 && NOT_FOUND.has(parsed['error_code'])) return { status: 404, body: parsed }
    throw unavailable(method, path, `HTTP ${response.status}`)
  }

  const subjectPath = (subject: string): string => `/subjects/${encodeURIComponent(subject)}`
  const compatibilityOf = async (subject: string): Promise<Compatibility | null> => {
    const { status, body } = await ask('GET', `/config/${encodeURIComponent(subject)}`)
    return status === 200 ? textOf(body, 'compatibilityLevel') as Compatibility : null
  }

  return {
    compatibilityOf,
    idOf: async (subject, schema) => {
      const { status, body } = await ask('POST', subjectPath(subject), { schema: JSON.stringify(schema) })
      if (status !== 200) throw new StreamsError('STR_SCHEMA_UNREGISTERED', { subject })
      return numberOf(body, 'id')
    },
    schemaOf: async id => {
      const { status, body } = await ask('GET', `/schemas/ids/${id}`)
      if (status !== 200) throw new StreamsError('STR_SCHEMA_UNKNOWN', { schemaId: id })
      return textOf(body, 'schema')
    },
    latest: async (subject): Promise<RegisteredSchema | null> => {
      const { status, body } = await ask('GET', `${subjectPath(subject)}/versions/latest`)
      return status === 200 ? { id: numberOf(body, 'id'), version: numberOf(body, 'version'), schema: textOf(body, 'schema') } : null
    },
    register: async (subject, schema) => {
      // The client refuses a subject whose level is not the one it is told, so it is told the one that is there.
      const compatibility = (await compatibilityOf(subject) ?? 'FULL_TRANSITIVE') as COMPATIBILITY
      try {
        return (await client.register({ type: SchemaType.AVRO, schema: JSON.stringify(schema) }, { subject, compatibility, updateConfig: false })).id
      } catch (error) {
        const { message, status } = ensureError(error) as Error & { readonly status?: number }
        if (status === 409) throw new StreamsError('STR_SCHEMA_INCOMPATIBLE', { subject, message: message.slice(0, 300) }, error)
        if (status === 422) throw new StreamsError('STR_SCHEMA_INVALID', { subject, message: message.slice(0, 300) }, error)
        throw unavailable('POST', `${subjectPath(subject)}/versions`, status === undefined ? message : `HTTP ${status}`, error)
      }
    },
    setCompatibility: async (subject, compatibility) => {
      const { status } = await ask('PUT', `/config/${encodeURIComponent(subject)}`, { compatibility })
      if (status !== 200) throw new StreamsError('STR_SCHEMA_UNREGISTERED', { subject, reason: 'no such subject to configure' })
    },
    isCompatible: async (subject, schema) => {
      const { status, body } = await ask('POST', `/compatibility/subjects/${encodeURIComponent(subject)}/versions`, { schema: JSON.stringify(schema) })
      return status === 404 || (status === 200 && body['is_compatible'] === true)
    }
  }
}

interface ParsedUrl {
  readonly base: string
  readonly auth: { readonly username: string, readonly password: string } | undefined
  readonly authorization: string | undefined
}

function parseUrl (text: string): ParsedUrl {
  const url = new URL(text)
  const { username, password } = url
  url.username = url.password = ''
  const auth = username === '' ? undefined : { username: decodeURIComponent(username), password: decodeURIComponent(password) }
  const authorization = auth === undefined ? undefined : `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`
  return { base: url.href.replace(/\/+$/, ''), auth, authorization }
}

function parse (text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : undefined
  } catch {
    return undefined
  }
}

function numberOf (body: Readonly<Record<string, unknown>>, name: string): number {
  const value = body[name]
  if (typeof value !== 'number') throw new StreamsError('STR_REGISTRY_UNAVAILABLE', { reason: `an answer without ${name}` })
  return value
}

function textOf (body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name]
  if (typeof value !== 'string') throw new StreamsError('STR_REGISTRY_UNAVAILABLE', { reason: `an answer without ${name}` })
  return value
}

function unavailable (method: string, path: string, reason: string, cause?: unknown): StreamsError {
  return new StreamsError('STR_REGISTRY_UNAVAILABLE', { request: `${method} ${path}`, reason }, cause)
}
