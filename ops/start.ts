import closeWithGrace from 'close-with-grace'
import { lineOf } from './command-line.ts'
import { loadConfig, strangeSettings } from './config.ts'
import { OpsError } from './errors.ts'
import { createClosers, endingMs } from './start/closers.ts'
import { parseStartOptions, usage } from './start/options.ts'
import { run } from './start/run.ts'

/** One line where it says all there is to say, and the way there where nobody thought of it. */
function tell (error: unknown): string {
  const line = lineOf(error)
  return error instanceof OpsError || !(error instanceof Error) || line !== error.message ? line : error.stack ?? line
}

/** `npm start`: parses the command line, runs the role, ends everything it started, and exits with the run's code. */
async function main (argv: readonly string[]): Promise<number> {
  const stop = new AbortController()
  const closers = createClosers()
  const print = (line: string): void => { process.stdout.write(`${line}\n`) }
  const ending = Promise.withResolvers<void>()
  const grace = closeWithGrace({ delay: endingMs, logger: false }, async ({ err }) => {
    if (err !== undefined) process.stderr.write(`${err.stack ?? String(err)}\n`)
    else print('\nending …')
    stop.abort(new Error('asked to end'))
    await ending.promise
  })
  // Who reads what is told may go (`npm start | head`): that is an end like Ctrl-C, and what was started ends with it.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => { stop.abort(new Error('asked to end')) })
  try {
    const options = parseStartOptions(argv)
    if (options.help) {
      print(usage)
      return 0
    }
    for (const line of strangeSettings()) process.stderr.write(`${line}\n`)
    const config = loadConfig({ overrides: { COMMERCE_PROVIDER: options.provider, COMMERCE_DATA_DIR: options.dataDir, COMMERCE_KAFKA_SECURE: options.secure ? 'on' : undefined } })
    return await run({ options, config, closers, signal: stop.signal, print })
  } catch (error) {
    if (stop.signal.aborted) return 130
    process.stderr.write(`${tell(error)}\n`)
    return 1
  } finally {
    for (const { name, error } of await closers.closeAll()) process.stderr.write(`${name} did not end cleanly: ${String(error)}\n`)
    ending.resolve()
    grace.uninstall()
  }
}

process.exit(await main(process.argv.slice(2)))
