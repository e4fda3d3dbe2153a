import { createReadStream } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { type TestPlatform } from './platform.ts'

/** Where to look: the folder of the services' data, and the platform. */
export interface SearchIn { readonly dataDir: string, readonly platform: Pick<TestPlatform, 'clickhouse' | 'endpoints'> }

/** Everywhere that one of these texts stands as it is: files of the broker and of logs, keys and values of Redis, rows of ClickHouse. */
export async function findPlain ({ dataDir, platform }: SearchIn, needles: readonly string[]): Promise<readonly string[]> {
  const inFiles = await Promise.all(['kafka', 'logs'].map(async folder => await findInFiles(join(dataDir, folder), needles)))
  return [...inFiles.flat(), ...await findInRedis(platform.endpoints.redisUrl, needles), ...await findInClickHouse(platform, needles)]
}

async function findInFiles (folder: string, needles: readonly string[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const found: string[] = []
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name)
    // Indexes of the broker are sparse files of zeros; topic data and state are not.
    if (entry.isFile() && !/index$/.test(file) && await holds(file, needles)) found.push(`file ${file}`)
  }
  return found
}

/** Read in pieces that overlap by the longest text. */
async function holds (file: string, needles: readonly string[]): Promise<boolean> {
  const overlap = Math.max(...needles.map(needle => Buffer.byteLength(needle)))
  let tail: Buffer = Buffer.alloc(0)
  try {
    for await (const piece of createReadStream(file)) {
      const bytes = Buffer.concat([tail, piece as Buffer])
      if (needles.some(needle => bytes.includes(needle))) return true
      tail = bytes.subarray(-overlap)
    }
  } catch (error) {
    // A segment that was deleted meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  return false
}

async function findInRedis (url: string, needles: readonly string[]): Promise<string[]> {
  const redis = new Redis(url)
  const found: string[] = []
  try {
    for await (const keys of redis.scanBufferStream({ count: 500 })) {
      for (const key of keys as Buffer[]) {
        const bytes = Buffer.concat([key, ...await valuesOf(redis, key)])
        if (needles.some(needle => bytes.includes(needle))) found.push(`redis ${key.toString('latin1')}`)
      }
    }
  } finally {
    await redis.quit()
  }
  return found
}

async function valuesOf (redis: Redis, key: Buffer): Promise<Buffer[]> {
  switch (await redis.type(key)) {
    case 'string': return [await redis.getBuffer(key) ?? Buffer.alloc(0)]
    case 'hash': return Object.entries(await redis.hgetallBuffer(key)).flatMap(([field, value]) => [Buffer.from(field), value])
    case 'zset': return await redis.zrangeBuffer(key, '0', '-1')
    case 'set': return await redis.smembersBuffer(key)
    case 'list': return await redis.lrangeBuffer(key, 0, -1)
    default: return []
  }
}

async function findInClickHouse ({ clickhouse }: SearchIn['platform'], needles: readonly string[]): Promise<string[]> {
  const rows = async <Row>(query: string, params: Record<string, unknown> = {}) => await (await clickhouse.query({ query, query_params: params, format: 'JSONEachRow' })).json<Row>()
  const tables = await rows<{ readonly name: string }>("SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree%'")
  const found: string[] = []
  for (const { name } of tables) {
    const [{ hits } = { hits: 0 }] = await rows<{ readonly hits: number | string }>(
      `SELECT count() AS hits FROM \`${name}\` WHERE multiSearchAny(formatRow('TSV', *), {needles:Array(String)})`, { needles }
    )
    if (Number(hits) > 0) found.push(`table ${name}`)
  }
  return found
}
