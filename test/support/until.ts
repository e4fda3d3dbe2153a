/** Waits for what must become true. @throws when it has not within a minute: it never will. */
export async function until (isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 60_000
  while (!await isTrue()) {
    if (performance.now() > deadline) throw new Error('what was waited for did not come true')
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
