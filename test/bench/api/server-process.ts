import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type ServerJob, type ServerReady } from './job.ts'

/** The API in a process of its own. */
export interface ServerProcess extends ServerReady {
  readonly pid: number
  stop (): Promise<void>
}

/** Starts it; resolves when it listens. `profileDir`: its CPU profile goes there when it ends. */
export async function startServer (job: ServerJob, profileDir: string | undefined): Promise<ServerProcess> {
  const execArgv = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`]
  const child = fork(join(import.meta.dirname, 'server.ts'), [JSON.stringify(job)], { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const ended = once(child, 'exit')
  const [ready] = await Promise.race([once(child, 'message'), ended.then(() => { throw new Error('the API has ended before it listened') })]) as [ServerReady]
  return {
    ...ready,
    pid: child.pid ?? 0,
    stop: async () => {
      child.send('stop')
      await ended
    }
  }
}
