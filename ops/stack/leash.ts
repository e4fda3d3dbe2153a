import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'

/** Waits for its input to end, and that is when whoever started it is gone; then it kills. */
const guard = 'read -r _; kill -9 "$0"'

/**
 * Lets a process end with the one that started it, whatever way that one goes: a pipe ends with the process that holds it, even with one that is killed.
 * `isGroup`: the child leads a process group, and all of it goes. Keeps nothing running.
 */
export function leash (child: ChildProcess, isGroup = false): void {
  const { pid } = child
  if (pid === undefined) return
  const watcher = spawn('sh', ['-c', guard, isGroup ? `-${pid}` : String(pid)], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  // Where it cannot be started there is no leash; and its end is nobody's business.
  watcher.on('error', () => {})
  watcher.stdin.on('error', () => {})
  watcher.unref()
  if (watcher.stdin instanceof Socket) watcher.stdin.unref()
  child.once('exit', () => { watcher.kill('SIGKILL') })
}
