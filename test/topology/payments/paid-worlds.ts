import { PaymentWorld } from './payment-world.ts'
import { type Fault, ScriptedGateway } from './scripted-gateway.ts'

/** A payment and a gateway that does as the script says, call by call. */
export function world (...script: readonly Fault[]) {
  const gateway = new ScriptedGateway(script)
  return { gateway, payment: new PaymentWorld(gateway) }
}

/** The same, with the payment captured; the script begins after that. */
export async function captured (...script: readonly Fault[]) {
  const both = world('none', 'none', ...script)
  both.payment.authorise()
  await both.payment.settle()
  both.payment.capture()
  await both.payment.settle()
  both.payment.said()
  return both
}
