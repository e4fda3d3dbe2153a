import { listTransitions, orderStates } from '../../topology/orders/states.ts'
import { frameOf } from '../events/frames.ts'
import { type Telling } from '../events/event-stream.ts'
import { type EventEntry } from '../ports.ts'
import { eventItem } from './view.ts'

const isFinal = (state: keyof typeof orderStates): boolean => Object.keys(orderStates[state]).length === 0

/** Events after which an order never has another one: it was not accepted, was cancelled, failed, timed out, or came back whole. */
export const lastEvents: ReadonlySet<string> = new Set(listTransitions().filter(({ to }) => isFinal(to)).map(({ event }) => event))

/** How a stream tells the events of an order, each with its place in the log. They are numbered. */
export const orderTelling: Telling = {
  frame: async (entry: EventEntry) => {
    const item = eventItem(entry)
    return frameOf(item.id, entry.type, item)
  },
  isLast: ({ type }) => lastEvents.has(type),
  isNumbered: true
}
