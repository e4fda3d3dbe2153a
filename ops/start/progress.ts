import { styleText } from 'node:util'

/** Writes one live line on a terminal, or a plain line every few seconds elsewhere. */
export interface ProgressLine {
  update (text: string): void
  /** Ends the live line, keeping its last text. */
  end (): void
}

/** Lines between two plain updates where there is no terminal, ms. */
const PLAIN_EVERY_MS = 3000

export function createProgressLine (stream: { readonly isTTY?: boolean, write (text: string): unknown }, now: () => number): ProgressLine {
  let last = -Infinity
  let shown = ''
  return {
    update (text) {
      if (text === shown) return
      if (stream.isTTY === true) stream.write(`\r\u001b[2K${text}`)
      else if (now() - last < PLAIN_EVERY_MS) return
      else stream.write(`${text}\n`)
      shown = text
      last = now()
    },
    end () {
      if (stream.isTTY === true && shown !== '') stream.write('\n')
      shown = ''
      last = -Infinity
    }
  }
}

/** `[#####-----] 51 %` */
export function bar (done: number, total: number, width = 24): string {
  const share = total === 0 ? 1 : Math.min(1, done / total)
  const filled = Math.floor(share * width)
  return `[${'#'.repeat(filled)}${'-'.repeat(width - filled)}] ${Math.floor(share * 100)} %`
}

/** `1 h 02 min`, `3 min 20 s`, `12 s` */
export function duration (ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** Tells rate and time left of something that counts up to a total: `120/s, 3 min 20 s left`. The first call is where counting starts. */
export function createRate (now: () => number): (done: number, total: number) => string {
  let start: { readonly atMs: number, readonly done: number } | undefined
  return (done, total) => {
    start ??= { atMs: now(), done }
    const perMs = (done - start.done) / Math.max(1, now() - start.atMs)
    const left = perMs === 0 ? '' : `, ${duration((total - done) / perMs)} left`
    return `${Math.round(perMs * 10_000) / 10}/s${left}`
  }
}

/** A heading, bold on terminals. */
export function heading (text: string): string {
  return styleText('bold', text)
}
