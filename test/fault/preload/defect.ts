/**
 * Loaded with --import: a release with a defect. The shipping processor throws, after it has done its work, for every order that the file named
 * by FAULT_DEFECT_FILE lists. An empty file is a mended release.
 */
import { readFileSync } from 'node:fs'
import { type Handler } from '#streams'
import { shippingProcessor } from '../../../topology/index.ts'

const handlers = shippingProcessor.handlers as Record<string, Handler>
const handle = handlers['CreateShipment'] as Handler
const file = process.env['FAULT_DEFECT_FILE'] ?? ''

handlers['CreateShipment'] = (context, value, record) => {
  handle(context, value, record)
  if (file !== '' && readFileSync(file, 'utf8').split('\n').includes(record.key)) throw new Error('a defect of this release')
}
