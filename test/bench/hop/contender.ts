import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type HopJob } from './job.ts'
import { type CycleFigures, type FromContender, type ToContender } from './tally.ts'

export const contenderNames = ['runtime', 'at-least-once', 'prototype'] as const
export type ContenderName = typeof contenderNames[number]

/** A contender at work, in a process of its own. */
export interface Contender {
  readonly pid: number
  /** Resolves with what it measured when it has done all its records. Rejects when it ended before. */
  readonly done: Promise<CycleFigures>
  /** Forgets what it measured so far. */
  restart (): void
  /** What it measured since then. */
  report (): Promise<CycleFigures>
  /** Ends it in good order. */
  stop (): Promise<void>
  kill (): void
}

/**
 * Starts a contender and resolves when it is at work.
 *
 * @throws {Error} when it ends before.
 */
export async function startContender (name: ContenderName, job: HopJob, profileDir: string | undefined): Promise<Contender> {
  const execArgv = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, `--cpu-prof-name=${name}-${job.application}.cpuprofile`]
  const child = fork(join(import.meta.dirname, '../rivals', `${name}-hop.ts`), [JSON.stringify(job)], { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
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
