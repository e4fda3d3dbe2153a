import { type FlagChanged } from '#schemas'
import { type FlagDefinition } from '../../topology/flags/define-flag.ts'
import { ApiError } from '../errors.ts'
import { type AppendOptions, type CommandLog } from '../ports.ts'
import { type FlagRow, type FlagTable } from './ports.ts'

/** Decides on the row that a flag is to have; undefined = it has that row already. `others`: every flag. */
export type FlagDecision = (before: FlagChanged | undefined, others: readonly FlagChanged[]) => FlagDefinition | undefined

export interface FlagWriter {
  /**
   * Changes a flag: decided on the newest row, written, and in the table of this process when it resolves.
   *
   * @throws {ApiError} API_REQUEST_INVALID with the fields.
   * @throws {StreamsError} STR_BROKER_UNAVAILABLE: the change may or may not have been written; the same request again leaves it as it is.
   */
  change (name: string, decide: FlagDecision, options: AppendOptions): Promise<FlagRow | undefined>
}

/**
 * Writes flags, one change after the other: each is decided on a table that holds what was in the log when its turn came. Two processes that change
 * one flag at the same moment both write a whole row, and the later one stands.
 */
export function createFlagWriter ({ flags, commandLog }: { readonly flags: FlagTable, readonly commandLog: CommandLog }): FlagWriter {
  let turn: Promise<unknown> = Promise.resolve()

  async function write (name: string, decide: FlagDecision, options: AppendOptions): Promise<FlagRow | undefined> {
    await flags.catchUp()
    const decided = decide(flags.get(name)?.flag, flags.list().map(({ flag }) => flag))
    if (decided === undefined) return flags.get(name)
    if ('faults' in decided) throw new ApiError('API_REQUEST_INVALID', undefined, { errors: decided.faults })
    await commandLog.append(decided.flag, options)
    await flags.catchUp()
    return flags.get(name)
  }

  return {
    change: async (name, decide, options) => {
      const mine = turn.then(async () => await write(name, decide, options))
      turn = mine.catch(() => {})
      return await mine
    }
  }
}
