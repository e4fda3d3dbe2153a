import { type ChannelLetter, type Personal } from '#schemas'
import { type Channel, type Policy, type SendAnswer } from './channel.ts'
import { type Rendered, type TemplateSet } from './template.ts'

/** What turns a frozen letter into a message, beside its templates. */
export interface DispatchOptions {
  readonly templates: Pick<TemplateSet, 'render'>
  /** Opens an address, or values that are secret; null = the key was destroyed. */
  readonly open: (kind: 'contact' | 'secret', personal: Personal) => Promise<Readonly<Record<string, string>> | null>
}

/** The answer to a letter. */
export type LetterAnswer = SendAnswer | { readonly kind: 'erased' }

/** A channel that takes letters as the stream accepts them: sealed, unwritten. */
export interface LetterChannel {
  readonly policy: Policy
  readonly keyLifeMs: number
  send (letter: ChannelLetter, signal: AbortSignal): Promise<LetterAnswer>
}

/**
 * Opens, writes and sends letters. What goes wrong before the channel is asked is certainly not sent: keys that cannot be had are waited for, a letter that
 * cannot be written is refused, and a reader whose key was destroyed is told nothing any more.
 */
export function dispatchTo (channel: Channel, options: DispatchOptions): LetterChannel {
  const { policy, keyLifeMs, addressField } = channel
  return {
    policy,
    keyLifeMs,
    send: async (letter, signal) => {
      let opened: Opened | 'erased'
      try {
        opened = await openLetter(letter, addressField, options.open)
      } catch {
        return { kind: 'unavailable', code: 'keys-unavailable', message: 'the keys of personal data cannot be had' }
      }
      if (opened === 'erased') return { kind: 'erased' }
      const { to, values } = opened
      if (to.length === 0) return { kind: 'refused', code: 'address-invalid', message: `the address has no ${addressField}` }
      let written: Rendered
      try {
        written = write(options.templates, letter, values)
      } catch {
        return { kind: 'refused', code: 'template-invalid', message: `the letter cannot be written (${letter.parts[0]?.template ?? 'no template'})` }
      }
      const { deliveryId, notificationId } = letter
      return await channel.send({ deliveryId, notificationId, to, ...written }, signal)
    }
  }
}

interface Opened { readonly to: readonly string[], readonly values: ReadonlyArray<Readonly<Record<string, string>>> }

async function openLetter ({ recipients, parts }: ChannelLetter, field: string, open: DispatchOptions['open']): Promise<Opened | 'erased'> {
  const addresses = await Promise.all(recipients.map(async recipient => await open('contact', recipient)))
  const secrets = await Promise.all(parts.map(async ({ sealed }) => sealed === null ? {} : await open('secret', sealed)))
  if (addresses.every(address => address === null) || secrets.includes(null)) return 'erased'
  return {
    to: addresses.flatMap(address => address?.[field] ?? []),
    values: parts.map(({ variables }, index) => ({ ...variables, ...secrets[index] }))
  }
}

/** One part is a letter of its own template; more are a digest, a line each. */
function write (templates: DispatchOptions['templates'], { parts, locale, timeZone }: ChannelLetter, values: Opened['values']): Rendered {
  const [first, ...more] = parts
  if (first === undefined) throw new Error('the letter says nothing')
  if (more.length === 0) return templates.render(first.template, values[0] ?? {}, { locale, timeZone })
  const lines = parts.map(({ template }, index) => templates.render(template, values[index] ?? {}, { locale, timeZone }).short)
  return templates.render('digest', { count: String(parts.length), lines }, { locale, timeZone })
}
