import MimeNode from 'nodemailer/lib/mime-node/index.js'
import { encodeWord, encodeWords, foldLines } from 'nodemailer/lib/mime-funcs/index.js'
import { type Message } from './channel.ts'

/** Addresses that stand in a letter and on its envelope as they are. Any other is the business of the mail library. */
const plainAddress = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/

/** A letter ready for the wire: what stands on its envelope, and its bytes. */
export interface WrittenLetter {
  readonly envelope: { readonly from: string, readonly to: string[] }
  readonly raw: Buffer
}

/** Writes letters; undefined = the address is not a plain one. */
export type WriteLetter = (message: Pick<Message, 'notificationId' | 'to' | 'subject' | 'text' | 'html'>, messageId: string) => WrittenLetter | undefined

/**
 * Writes letters of one sender whole: headers, then text and HTML as alternatives, each in base64 (RFC 5322, RFC 2045, RFC 2046). The mail library
 * makes a letter of streams within streams, which cost more than sending it; of a letter that is always built alike only its words differ.
 */
export function createLetterWriter (from: string): WriteLetter {
  const sender = new MimeNode('text/plain').setHeader({ from })
  const fromHeader = /^From: .*(?:\r\n[ \t].*)*/m.exec(sender.buildHeaders())?.[0] ?? `From: ${from}`
  const fromAddress = String(sender.getEnvelope().from)
  return ({ notificationId, to: [address = ''], subject, text, html }, messageId) => {
    if (!plainAddress.test(address)) return undefined
    const boundary = `=_${notificationId}`
    const raw = [
      fromHeader,
      `To: ${address}`,
      foldLines(`Subject: ${subjectWords(subject)}`, 76),
      `Message-ID: ${messageId}`,
      `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
      'Auto-Submitted: auto-generated',
      'MIME-Version: 1.0',
      `Content-Type: multipart/alternative; boundary="${boundary}"`,
      '',
      ...partOf(boundary, 'plain', text),
      ...partOf(boundary, 'html', html),
      `--${boundary}--`,
      ''
    ].join('\r\n')
    return { envelope: { from: fromAddress, to: [address] }, raw: Buffer.from(raw) }
  }
}

/** A subject as it stands in a header: on one line, and read back as it is also where it looks like an encoded word itself. */
function subjectWords (subject: string): string {
  const line = subject.replaceAll(/\p{Cc}+/gu, ' ')
  return line.includes('=?') ? encodeWord(line, 'Q', 52) : encodeWords(line, 'Q', 52)
}

function partOf (boundary: string, kind: 'plain' | 'html', words: string): readonly string[] {
  const lines = Buffer.from(words.replaceAll(/\r?\n/g, '\r\n')).toString('base64').replaceAll(/.{76}/g, '$&\r\n')
  return [`--${boundary}`, `Content-Type: text/${kind}; charset=utf-8`, 'Content-Transfer-Encoding: base64', '', lines, '']
}
