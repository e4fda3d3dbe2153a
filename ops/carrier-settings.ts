import { type Settings } from './config.ts'
import { secretsOf } from './payment-settings.ts'

/** Who carries the parcels, and how carriers' callbacks are believed. */
export interface CarrierSettings {
  /** A day of the embedded carrier, ms; 0 = carriers are real, nothing moves by itself. */
  readonly dayMs: number
  /** How long after its creation the embedded carrier picks a shipment up, ms; null = only what is handed over. */
  readonly pickupAfterMs: number | null
  readonly secrets: readonly string[]
  readonly toleranceS: number
}

/** @throws {Error} naming the setting, what is wrong with it, and what it must be. */
export function groupCarriers (values: Settings): CarrierSettings {
  return {
    dayMs: values.COMMERCE_CARRIER_DAY_MS,
    pickupAfterMs: values.COMMERCE_CARRIER_PICKUP_MS === 0 ? null : values.COMMERCE_CARRIER_PICKUP_MS,
    secrets: secretsOf('COMMERCE_CARRIER_SECRETS', values.COMMERCE_CARRIER_SECRETS),
    toleranceS: values.COMMERCE_CALLBACK_TOLERANCE_S
  }
}
