import { type ShipmentStage } from '#schemas'

/**
 * What news of a stage does to a shipment. `move`: it is there now. `again`: likewise, but only when the news is newer than what moved it
 * last, because attempts repeat and their news comes in any order. `note`: it is past that, or there; kept in its history. `refuse`: it
 * contradicts what is known.
 */
export type StageStep = 'move' | 'again' | 'note' | 'refuse'

/** Stages from which a shipment never moves. */
export const endStages: ReadonlySet<ShipmentStage> = new Set(['delivered', 'returned', 'cancelled'])

/** Attempts to deliver a shipment: after the last one in vain the carrier brings it back. */
export const maxAttempts = 3

const toldTwice = { created: 'note', pickedUp: 'note', inTransit: 'note', cancelled: 'refuse' } as const
const onlyRefused = {
  created: 'refuse', pickedUp: 'refuse', inTransit: 'refuse', outForDelivery: 'refuse', attemptFailed: 'refuse', delivered: 'refuse', returned: 'refuse', cancelled: 'refuse'
} as const

/**
 * Stage × stage that is told → step. Carriers skip stages (a scan is missed), so every later one is a move. What was cancelled never left:
 * news of it contradicts. Nothing is cancelled by news; that is for a command, and only before it is picked up.
 */
export const stageSteps: Readonly<Record<ShipmentStage, Readonly<Record<ShipmentStage, StageStep>>>> = {
  created: {
    ...toldTwice, pickedUp: 'move', inTransit: 'move', outForDelivery: 'move', attemptFailed: 'move', delivered: 'move', returned: 'refuse'
  },
  pickedUp: { ...toldTwice, inTransit: 'move', outForDelivery: 'move', attemptFailed: 'move', delivered: 'move', returned: 'move' },
  inTransit: { ...toldTwice, outForDelivery: 'move', attemptFailed: 'move', delivered: 'move', returned: 'move' },
  outForDelivery: { ...toldTwice, outForDelivery: 'note', attemptFailed: 'again', delivered: 'move', returned: 'move' },
  attemptFailed: { ...toldTwice, outForDelivery: 'again', attemptFailed: 'again', delivered: 'move', returned: 'move' },
  delivered: { ...toldTwice, outForDelivery: 'note', attemptFailed: 'note', delivered: 'note', returned: 'refuse' },
  returned: { ...toldTwice, outForDelivery: 'note', attemptFailed: 'note', delivered: 'refuse', returned: 'note' },
  cancelled: onlyRefused
}
