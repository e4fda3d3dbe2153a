/** Waits for what must become true; `what` it is, in words. @throws when it has not in time: it never will. `withinMs` @default 60000 */
export async function until (isTrue: () => boolean | Promise<boolean>, what = 'what must become true', withinMs = 60_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!await isTrue()) {
    if (performance.now() > deadline) throw new Error(`waited ${withinMs / 1000} s in vain: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
