import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { type Act } from '../stage/act.ts'
import { Replica } from '../stage/replica.ts'
import { withFileLimit } from '../stage/second-door.ts'
import { until } from '../../support/until.ts'
import { type Row } from './row.ts'

/** Rows in ClickHouse. */
async function rowCount ({ stage }: Act): Promise<string> {
  const answer = await stage.outside.clickhouse.query({ query: 'SELECT count() FROM raw_events', format: 'TabSeparated' })
  return await answer.text()
}

/** Asks Redis itself, not through its door. */
async function redis<T> (act: Act, ask: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis({ host: '127.0.0.1', port: act.stage.services.config.ports.redis, maxRetriesPerRequest: 1 })
  client.on('error', () => {})
  try {
    return await ask(client)
  } finally {
    client.disconnect()
  }
}

export const stateRows: readonly Row[] = [
  {
    number: 8,
    fault: 'Redis FLUSHALL',
    done: 'three times under load',
    group: 'state',
    run: async act => {
      for (const share of [0.2, 0.5, 0.8]) {
        await act.at(share)
        await act.fault('flush', async () => { await redis(act, async client => await client.flushall()) })
        await act.moves()
      }
    }
  },
  {
    number: 9,
    fault: 'Redis kill, restart with an older file',
    done: 'SIGKILL, restart; then SIGKILL, its append-only files replaced by a copy from before, restart',
    group: 'state',
    run: async act => {
      const { services } = act.stage
      const files = services.spec('redis').dataDir
      const copy = join(act.stage.folder, 'older-append-only')
      await act.at(0.1)
      cpSync(files, copy, { recursive: true })
      await act.at(0.3)
      await act.fault('Redis killed', async () => {
        await services.kill('redis')
        await services.start('redis')
      })
      await act.moves()
      await act.at(0.6)
      await act.fault('Redis went back', async () => {
        await services.kill('redis')
        rmSync(files, { recursive: true })
        cpSync(copy, files, { recursive: true })
        await services.start('redis')
      })
      rmSync(copy, { recursive: true })
      await act.moves()
    }
  },
  {
    number: 10,
    fault: 'Redis failover that loses acknowledged writes',
    done: 'a replica is cut off from its master under load and promoted; the platform is led to it, and later back to the old master',
    group: 'state',
    run: async act => {
      const { stage } = act
      const replica = await Replica.start(stage)
      try {
        await act.at(0.3)
        replica.link.turn({ kind: 'cut' })
        await act.api.insist('behind-the-replica', 1)
        await act.moves()
        await act.fault('failover', async () => {
          await replica.promote()
          stage.doors.redis.lead(replica.port)
        })
        await act.moves()
        await act.api.insist('behind-the-old-master', 1)
        await act.fault('failback', async () => { stage.doors.redis.lead(stage.services.config.ports.redis) })
        await act.moves()
      } finally {
        await replica.close()
      }
    }
  },
  {
    number: 11,
    fault: 'Redis ahead of the log',
    done: 'rows that were never committed are written into the state of a task, and its position moved beyond the log, as by an apply before its commit',
    group: 'state',
    run: async act => {
      for (let partition = 0; partition < 8; partition += 3) {
        await act.fault('state ahead', async () => {
          await redis(act, async client => {
            const slot = `{commerce:orders:${partition}}`
            const [store] = await client.smembers(`${slot}:stores`)
            await client.multi().hset(`${slot}:s:${store}`, 'never-committed', 'x').hincrby(`${slot}:meta`, 'position', 1000).exec()
          })
        })
        await until(async () => {
          const meta = await redis(act, async client => await client.hgetall(`{commerce:orders:${partition}}:meta`))
          const [end] = (await act.stage.outside.kafka.endOffsets([{ topic: 'commerce-orders-changelog', partition }])).values()
          return meta['position'] !== undefined && BigInt(meta['position']) <= (end ?? 0n) && meta['restoring'] !== '1'
        }, `the state of orders-${partition} is rebuilt`)
      }
      await act.moves()
    }
  },
  {
    number: 12,
    fault: 'Redis out of memory, read-only, slow by 2 s',
    done: 'maxmemory below what it holds (noeviction) for 4 s; a replica of nobody, read-only, for 4 s; every answer 2 s late for 8 s',
    group: 'state',
    run: async act => {
      await act.at(0.2)
      await act.fault('out of memory', async () => {
        await redis(act, async client => await client.config('SET', 'maxmemory', '1mb'))
        await sleep(4000)
        await redis(act, async client => await client.config('SET', 'maxmemory', '0'))
      })
      await act.moves()
      await act.fault('read-only', async () => {
        await redis(act, async client => await client.replicaof('127.0.0.1', 1))
        await sleep(4000)
        await redis(act, async client => await client.replicaof('NO', 'ONE'))
      })
      await act.moves()
      await act.fault('slow Redis', async () => {
        act.stage.doors.redis.turn({ kind: 'slow', ms: 2000 })
        await sleep(8000)
        act.stage.doors.redis.heal()
      })
      await act.moves()
    }
  },
  {
    number: 22,
    fault: 'disk full',
    done: 'Redis and the broker, each started so that no file may grow beyond a limit: every further write to its log fails; then without. ClickHouse finds no space for any part for 6 s',
    missing: 'for Redis and the broker the error is EFBIG by a file-size limit, not ENOSPC by a full device: nothing can be mounted without rights. The embedded ClickHouse asks for space before it writes, and takes a write past a file-size limit for done: it is told that the space is gone',
    group: 'state',
    run: async act => {
      const { services } = act.stage
      for (const [name, kib, lastsMs] of [['redis', 600, 6000], ['kafka', 300, 10_000]] as const) {
        await act.fault(`${name} cannot write`, async () => {
          await services.stop(name)
          await services.start(name, spec => withFileLimit(spec, kib)).catch((error: unknown) => { act.note(`${name} does not start at all: ${String(error).slice(0, 120)}`) })
          await sleep(lastsMs)
          act.note(`${name} with a file limit is ${services.isRunning(name) ? 'up' : 'down'}, ${act.settled} of ${act.orders} orders done`)
          await services.kill(name)
          await services.start(name)
        }, { withinMs: 40_000 })
        await act.moves()
      }
      await act.fault('clickhouse has no space', async () => {
        const { clickhouse } = act.stage.outside
        await clickhouse.command({ query: `ALTER TABLE raw_events MODIFY SETTING min_free_disk_bytes_to_perform_insert = ${2n ** 60n}` })
        await sleep(2000)
        const before = await rowCount(act)
        await sleep(4000)
        act.expect('ClickHouse takes no row without space', await rowCount(act) === before)
        await clickhouse.command({ query: 'ALTER TABLE raw_events RESET SETTING min_free_disk_bytes_to_perform_insert' })
      }, { withinMs: 40_000 })
      await act.moves()
    }
  }
]
