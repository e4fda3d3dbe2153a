import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Row } from './row.ts'

/** Rows whose driver waits for something that the platform does not have yet. They run, and count as open whatever they find. */
export const openRows: readonly Row[] = [
  {
    number: 28,
    fault: 'upgrade N → N+1 with state, and back',
    done: 'the processors are rolled to the build in the folder named by FAULT_OTHER_BUILD, and back',
    missing: 'there is no release to come from yet: without that folder nothing is rolled. Two versions of a topology in one group: test/integration/rebalance',
    isOpen: true,
    group: 'processors',
    run: async act => {
      const other = process.env['FAULT_OTHER_BUILD'] ?? ''
      if (!existsSync(join(other, 'ops/start.ts')) || other === '') {
        act.note('no other build is given')
        return
      }
      await act.fault('upgrade', async () => { await act.stage.restart('p1', 'processor', 'end', { build: other }) })
      await act.moves()
      await act.fault('rollback', async () => { await act.stage.restart('p1', 'processor', 'end') })
      await act.moves()
    }
  }
]
