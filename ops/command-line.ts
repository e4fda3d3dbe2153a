import { type ParseArgsConfig, parseArgs } from 'node:util'
import { isStreamsError } from '../streams/errors.ts'
import { OpsError } from './errors.ts'

/**
 * The options of a command, as `parseArgs` reads them.
 *
 * @throws {OpsError} OPS_OPTION_INVALID naming what is wrong, and every option that there is.
 */
export function readOptions<const Config extends ParseArgsConfig> (config: Config): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (error) {
    // What follows the first sentence is about the shell.
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split(/\n|\. /)
    const names = Object.keys(config.options ?? {}).map(name => `--${name}`)
    throw new OpsError('OPS_OPTION_INVALID', { problem: `${problem.replace(/\.$/, '')}; there are ${names.join(', ')}` }, error)
  }
}

/** What the user of a command is told of an error: one line. */
export function lineOf (error: unknown): string {
  if (isStreamsError(error) && error.code === 'STR_BROKER_UNAVAILABLE') return new OpsError('OPS_BROKER_UNREACHABLE', { problem: error.message }).message
  return error instanceof Error ? error.message : String(error)
}

/** Tells an error on the error output, after words of the command's own, and lets the process end with that code. */
export function fail (error: unknown, { code = 1, before = '' }: { readonly code?: number, readonly before?: string } = {}): void {
  process.stderr.write(`${before}${lineOf(error)}\n`)
  process.exitCode = code
}
