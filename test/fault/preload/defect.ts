/**
 * Loaded with --import: a release with a defect. The shipping processor throws, after it has decided, for every order that the file named by
 * FAULT_DEFECT_FILE lists. An empty file is a mended release.
 */
import { readFileSync } from 'node:fs'
import { shippingDecisions } from '../../../topology/index.ts'

const decide = shippingDecisions.command
const file = process.env['FAULT_DEFECT_FILE'] ?? ''

shippingDecisions.command = (state, command, environment) => {
  const decision = decide(state, command, environment)
  const isStruck = command.type === 'CreateShipment' && file !== '' && readFileSync(file, 'utf8').split('\n').includes(command.orderId)
  if (isStruck) throw new Error('a defect of this release')
  return decision
}
