import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { localEndpoints } from '../../../ops/stack/local.ts'
import { type Piece } from '../net/proxy.ts'
import { type Act } from '../stage/act.ts'
import { until } from '../../support/until.ts'
import { type Row } from './row.ts'

const isInsert = ({ direction, bytes }: Piece): boolean => direction === 'up' && bytes.includes('INSERT')
/** The answer to an insert that has landed. */
const isLanded = ({ direction, bytes }: Piece): boolean => direction === 'down' && /"written_rows":"[1-9]/.test(bytes.toString('latin1'))

async function tell (act: Act, query: string): Promise<void> {
  await act.stage.outside.clickhouse.command({ query })
}

export const analyticsRows: readonly Row[] = [
  {
    number: 16,
    fault: 'ClickHouse killed in an insert, silent after it, 500 after success, away',
    done: 'kill -9 while an insert is on its way; an insert lands and is not answered for 8 s; one lands and is answered with 500; away for 14 s (the table asks for 10 minutes)',
    group: 'analytics',
    run: async act => {
      const { doors: { clickhouse: door }, services } = act.stage
      await act.fault('killed in an insert', async () => {
        await door.catch('insert', { act: 'hold', matches: isInsert })
        await services.kill('clickhouse')
        door.heal()
        await services.start('clickhouse')
      })
      await act.moves()
      await act.fault('silent after an insert', async () => {
        const { release } = await door.catch('answer to an insert', { act: 'hold', matches: isLanded })
        await sleep(8000)
        release()
      })
      await act.moves()
      await act.fault('500 after success', async () => {
        await door.catch('answer to an insert', { act: 'change', matches: isLanded, change: bytes => Buffer.from(bytes.toString('latin1').replace('HTTP/1.1 200', 'HTTP/1.1 500'), 'latin1') })
      })
      await act.moves()
      await act.fault('away', async () => {
        door.turn({ kind: 'cut' })
        await sleep(14_000)
        door.heal()
      }, { hidesFromApi: true })
      await act.moves()
    }
  },
  {
    number: 17,
    fault: 'too many parts, a check that fails',
    done: 'the table refuses inserts for its parts, then for a constraint that confirmed orders break, 5 s each',
    group: 'analytics',
    run: async act => {
      await act.fault('too many parts', async () => {
        await tell(act, 'ALTER TABLE raw_events MODIFY SETTING parts_to_throw_insert = 1, parts_to_delay_insert = 1')
        await sleep(5000)
        await tell(act, 'ALTER TABLE raw_events RESET SETTING parts_to_throw_insert, parts_to_delay_insert')
      })
      await act.moves()
      await act.fault('a check fails', async () => {
        await tell(act, "ALTER TABLE raw_events ADD CONSTRAINT never CHECK event_type != 'OrderConfirmed'")
        await sleep(5000)
        await tell(act, 'ALTER TABLE raw_events DROP CONSTRAINT never')
      })
      await act.moves()
    }
  },
  {
    number: 19,
    fault: 'deduplication log lost',
    done: 'an insert lands unanswered, the engine is killed, its deduplication logs are deleted, it comes back (twice): only reading back can tell that the rows are there',
    group: 'analytics',
    run: async act => {
      const { doors: { clickhouse: door }, services } = act.stage
      for (let round = 0; round < 2; round++) {
        await act.fault('deduplication log lost', async () => {
          await door.catch('answer to an insert', { act: 'hold', matches: isLanded })
          await services.kill('clickhouse')
          const deleted = deleteFolders(join(services.spec('clickhouse').dataDir, 'db'), 'deduplication_logs')
          act.expect('there were deduplication logs to lose', deleted > 0)
          await services.start('clickhouse')
          door.heal()
        })
        await act.moves()
      }
    }
  },
  {
    number: 32,
    fault: 'an insert without token, settings that stick',
    done: 'an insert without a token goes straight to ClickHouse and is refused; settings of one request are not there in the next',
    group: 'analytics',
    run: async act => {
      const url = new URL(localEndpoints(act.stage.services.config).clickhouseUrl)
      const ask = async (query: string, settings: Readonly<Record<string, string>> = {}): Promise<{ status: number, text: string }> => {
        const params = new URLSearchParams({ database: act.stage.services.config.clickhouse.database, ...settings })
        const response = await fetch(`${url.origin}/?${params.toString()}`, { method: 'POST', body: query })
        return { status: response.status, text: (await response.text()).trim() }
      }
      const refused = await ask('INSERT INTO raw_events (_topic, _offset) FORMAT JSONEachRow\n{"_topic":"t","_offset":1}')
      act.expect(`an insert without token is refused, not ${refused.status}`, refused.status >= 400 && refused.text.includes('insert_deduplication_token'))
      await ask('SELECT 1', { max_threads: '3', insert_deduplicate: '0' })
      for (const [name, set] of [['max_threads', '3'], ['insert_deduplicate', '0']] as const) {
        const { text } = await ask(`SELECT toString(getSetting('${name}'))`)
        act.expect(`${name} of another request is forgotten: ${text}`, text !== set && text !== 'false')
      }
      await act.fault('direct requests', async () => {})
      await act.moves()
    }
  },
  {
    number: 18,
    fault: 'deduplication window overrun',
    done: 'rows that are there are inserted once more under a token that the table does not remember, as by a zombie that wakes too late: the reconciler must tell it',
    missing: 'a window of 3 is not possible: a sink refuses a table that remembers less than 50,000 inserts. Repair: test/integration/sink, --replay',
    group: 'analytics',
    breaks: ['I8'],
    run: async act => {
      const audits = Array.from({ length: 8 }, (_, partition) => ({ topic: 'commerce.audit.invariants', partition }))
      const told = async (): Promise<bigint> => [...(await act.stage.outside.kafka.endOffsets(audits)).values()].reduce((sum, end) => sum + end, 0n)
      await act.quiet()
      const before = await told()
      await act.fault('a late insert', async () => {
        await tell(act, `INSERT INTO raw_events SELECT * FROM raw_events WHERE event_type = 'OrderConfirmed' ORDER BY appended_at DESC LIMIT 3
          SETTINGS insert_deduplication_token = 'a zombie', async_insert = 0`)
      })
      await until(async () => await told() > before, 'the reconciler tells it', 30_000)
    }
  }
]

/** Deletes every folder of that name below another. Returns how many there were. */
function deleteFolders (root: string, name: string): number {
  if (!existsSync(root)) return 0
  return readdirSync(root, { withFileTypes: true }).reduce((count, entry) => {
    if (!entry.isDirectory()) return count
    const path = join(root, entry.name)
    if (entry.name !== name) return count + deleteFolders(path, name)
    rmSync(path, { recursive: true })
    return count + 1
  }, 0)
}
