import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Contender } from './contender.ts'
import { type CycleFigures } from './cycle-log.ts'
import { type FromContender, type ToContender } from './tally.ts'

/** A contender written for Node: its file in rivals/, which tells what it does through a `Tally`. */
export interface NodeProgram { readonly file: string, readonly nodeOptions?: readonly string[] }

/** @throws {Error} when it ends before it is at work. */
export async function startNode (
  name: string, program: NodeProgram, job: { readonly application: string }, profileDir: string | undefined
): Promise<Contender> {
  const profile = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${name}-${job.application}.cpuprofile`]
  const execArgv = [...profile, ...program.nodeOptions ?? []]
  const child = fork(join(import.meta.dirname, '../rivals', program.file), [JSON.stringify(job)], { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const tell = (kind: ToContender['kind']): void => { child.send({ kind } satisfies ToContender) }
  const done = answer(child, name, 'figures')
  done.catch(() => {})
  try {
    await answer(child, name, 'ready')
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
  return {
    pid: child.pid ?? 0,
    done,
    restart: () => { tell('restart') },
    report: async () => {
      const figures = answer(child, name, 'figures')
      tell('report')
      return await figures
    },
    stop: async () => {
      const ended = once(child, 'exit')
      tell('stop')
      await ended
    },
    kill: () => { child.kill('SIGKILL') }
  }
}

async function answer (child: ChildProcess, name: string, kind: 'ready'): Promise<void>
async function answer (child: ChildProcess, name: string, kind: 'figures'): Promise<CycleFigures>
async function answer (child: ChildProcess, name: string, kind: FromContender['kind']): Promise<CycleFigures | void> {
  const { promise, resolve, reject } = Promise.withResolvers<CycleFigures | undefined>()
  const onMessage = (message: FromContender): void => {
    if (message.kind === kind) resolve(message.kind === 'figures' ? message.figures : undefined)
  }
  const onExit = (code: number | null): void => { reject(new Error(`${name} ended with ${code} before it was ${kind}`)) }
  child.on('message', onMessage).once('exit', onExit)
  try {
    return await promise
  } finally {
    child.off('message', onMessage).off('exit', onExit)
  }
}
