import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, renameSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { childEnvironment } from '../../ops/config.ts'

const version = 'v0.203.0'
const tools = join(import.meta.dirname, '../../.cache/tools')
const binary = join(tools, `stripe-mock-${version}`)
const run = promisify(execFile)

/** Stripe's own mock of its API: checks every request against the published description, and answers with its fixtures. */
export interface StripeMock { readonly url: string, stop (): Promise<void> }

/**
 * Starts stripe-mock on a free port; builds it once.
 *
 * @throws {Error} naming what is missing: Go, or the module.
 */
export async function startStripeMock (): Promise<StripeMock> {
  await build()
  const port = await freePort()
  const child = spawn(binary, ['-http-addr', `127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  await listening(child)
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      if (child.exitCode !== null) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  }
}

async function build (): Promise<void> {
  if (existsSync(binary)) return
  await run('go', ['version']).catch(error => {
    throw new Error('Go is missing: stripe-mock is built with it. Install Go 1.21 or later and put it into PATH', { cause: error })
  })
  const env = { ...childEnvironment(), GOBIN: tools }
  await run('go', ['install', `github.com/stripe/stripe-mock@${version}`], { env, maxBuffer: 1 << 24 }).catch((error: Error & { stderr?: string }) => {
    throw new Error(`github.com/stripe/stripe-mock ${version} cannot be built: ${error.stderr ?? error.message}`, { cause: error })
  })
  renameSync(join(tools, 'stripe-mock'), binary)
}

async function listening (child: ChildProcess): Promise<void> {
  const lines = createInterface(child.stdout as NodeJS.ReadableStream)
  const started = (async () => { for await (const line of lines) if (/Listening for HTTP/.test(line)) return })()
  const ended = once(child, 'exit').then(() => { throw new Error('stripe-mock ended while starting') })
  await Promise.race([started, ended])
  child.stdout?.resume()
  ended.catch(() => {})
}

async function freePort (): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
