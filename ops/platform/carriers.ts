import { type CarrierCallbacks } from '../../api/index.ts'
import { type ShippingOptions, embeddedCarrier, offers } from '../../topology/index.ts'
import { checkSignature } from '../../topology/callbacks/signature.ts'
import { type Config } from '../config.ts'

/** The carriers of this configuration: embedded ones under every name of an offer, or real ones. */
export function openCarriers ({ carriers: { dayMs, pickupAfterMs } }: Pick<Config, 'carriers'>): ShippingOptions {
  const names = [...new Set(offers.map(({ carrier }) => carrier))]
  return { carriers: dayMs === 0 ? [] : names.map(name => embeddedCarrier(name, { dayMs, pickupAfterMs })) }
}

/** How callbacks of carriers are believed; without a secret nobody is. */
export function openCarrierCallbacks ({ carriers: { secrets, toleranceS } }: Pick<Config, 'carriers'>): CarrierCallbacks {
  return {
    check: (signature, body, nowMs) => secrets.length === 0 ? 'off' : checkSignature(signature, body, Math.floor(nowMs / 1000), { secrets, toleranceS })
  }
}
