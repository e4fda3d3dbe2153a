import { type Frame, framesOf } from '../api/orders/event-log.ts'

/** Events of a stream up to the first that fits; `last`: the id of the event to go on after. Rejects when the stream ends before. */
export async function followStream (url: string, token: string, fits: (frame: Frame) => boolean, last?: string): Promise<Frame[]> {
  const headers = { authorization: `Bearer ${token}`, ...(last === undefined ? {} : { 'last-event-id': last }) }
  const response = await fetch(url, { headers })
  if (response.status !== 200) throw new Error(`the stream was answered ${response.status}: ${await response.text()}`)
  let text = ''
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString()
    const frames = framesOf(text.slice(0, text.lastIndexOf('\n\n') + 2)).filter(({ event }) => event !== undefined)
    const at = frames.findIndex(fits)
    if (at >= 0) return frames.slice(0, at + 1)
  }
  throw new Error(`the stream has ended: ${text}`)
}
