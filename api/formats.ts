import { Format, registerAjvFormats } from '@fastify/type-provider-typebox'

/**
 * Tells the validators of this process what formats look like. A moment (`date-time`) is one that can be counted with, too: the format alone lets leap
 * seconds and offsets without minutes pass, which are no number of milliseconds here.
 */
export function registerFormats (): void {
  registerAjvFormats()
  const looksRight = Format.Get('date-time')
  Format.Set('date-time', text => looksRight?.(text) === true && !Number.isNaN(Date.parse(text)))
}
