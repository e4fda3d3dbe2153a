import closeWithGrace from 'close-with-grace'
import { loadConfig } from './config.ts'
import { OpsError } from './errors.ts'
import { createClosers, endingMs } from './start/closers.ts'
import { parseStartOptions, usage } from './start/options.ts'
import { run } from './start/run.ts'

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
  try {
    const options = parseStartOptions(argv)
    if (options.help) {
      print(usage)
      return 0
    }
    const config = loadConfig({ overrides: { COMMERCE_PROVIDER: options.provider, COMMERCE_DATA_DIR: options.dataDir, COMMERCE_KAFKA_SECURE: options.secure ? 'on' : undefined } })
    return await run({ options, config, closers, signal: stop.signal, print })
  } catch (error) {
    if (stop.signal.aborted) return 130
    process.stderr.write(error instanceof OpsError ? `${error.message}\n` : `${error instanceof Error ? error.stack ?? error.message : String(error)}\n`)
    return 1
  } finally {
    for (const { name, error } of await closers.closeAll()) process.stderr.write(`${name} did not end cleanly: ${String(error)}\n`)
    ending.resolve()
    grace.uninstall()
  }
}

process.exit(await main(process.argv.slice(2)))
