import { isStreamsError } from '#streams'

/** Asks again while the state does not answer, as the runtime does. */
export async function persistently<T> (ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isStreamsError(error, 'STR_STATE_UNAVAILABLE')) throw error
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
}
