import { type Clock } from '../streams/time/clock.ts'

/** Something that has to move now and then. */
export interface IdleWatch {
  move (): void
  stop (): void
}

/** Calls back once when nothing has moved for that long, ms. */
export function watchIdle (clock: Clock, idleMs: number, onIdle: () => void): IdleWatch {
  let movedMs = clock.now()
  let cancel = clock.schedule(idleMs, look)
  function look (): void {
    const leftMs = movedMs + idleMs - clock.now()
    if (leftMs <= 0) onIdle()
    else cancel = clock.schedule(leftMs, look)
  }
  return {
    move: () => { movedMs = clock.now() },
    stop: () => { cancel() }
  }
}
