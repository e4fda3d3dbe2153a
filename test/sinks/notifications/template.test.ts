import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { type Locale, TemplateSet, localeFor, locales } from '../../../sinks/notifications/template.ts'
import { templates } from '../../../topology/notifications/templates.ts'

const set = new TemplateSet(templates)
const order = { orderId: 'order-1', currency: 'EUR', total: '1234.5000', lines: '3' }
const values: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'order-created': order,
  'payment-completed': order,
  'payment-failed': { ...order, reason: 'declined' },
  'action-required': { ...order, short: 'MUG', deadline: '2026-03-02T09:30:00.000Z', reason: '' },
  'order-backordered': { ...order, short: 'MUG', deadline: '2026-03-02T09:30:00.000Z', reason: '' },
  'order-partially-shipped': { ...order, carrier: 'UPS', trackingNumber: '1Z' },
  'order-shipped': { ...order, carrier: 'UPS', trackingNumber: '1Z' },
  'order-lines-cancelled': { ...order, reason: 'asked', amount: '20.0000' },
  'order-delivered': order,
  'refund-issued': { ...order, returnId: 'return-1', amount: '20.0000' },
  'order-cancelled': { ...order, reason: 'asked', refunded: '20.0000' },
  'verify-email': { token: 'TOKEN', expiresAt: '2026-03-02T09:30:00.000Z' },
  'password-reset': { token: 'TOKEN', expiresAt: '2026-03-02T09:30:00.000Z' },
  'account-exists': {},
  'password-changed': { cause: 'reset' },
  'account-locked': { scope: 'account', until: '2026-03-02T09:30:00.000Z' },
  'session-reused': {},
  'low-stock': { sku: 'MUG', available: '2', reorderLevel: '10' },
  'webhook-disabled': { webhookId: 'webhook-1', reason: 'failures' },
  message: { subject: 'Hello', body: 'World' },
  digest: { count: '2', lines: ['one', 'two'] }
}

const [euros, twenty, moment] = [{ en: '€1,234.50', de: '1.234,50 €' }, { en: '€20.00', de: '20,00 €' }, { en: 'March 2, 2026 at 9:30 AM UTC', de: '2. März 2026 um 09:30 UTC' }]

/** Per template: the subject, the short form, and what the text and the HTML must say, in each language. */
const expected: Readonly<Record<string, Readonly<Record<Locale, readonly [subject: string, short: string, ...says: readonly string[]]>>>> = {
  'order-created': { en: ['Your order order-1', `Your order of ${euros.en} is in.`, 'Items: 3'], de: ['Ihre Bestellung order-1', `Ihre Bestellung über ${euros.de} ist eingegangen.`, 'Positionen: 3'] },
  'payment-completed': {
    en: [`We have received your payment of ${euros.en}`, `Your payment of ${euros.en} has arrived.`, 'being packed'],
    de: [`Ihre Zahlung über ${euros.de} ist eingegangen`, `Ihre Zahlung über ${euros.de} ist eingegangen.`, 'werden gepackt']
  },
  'payment-failed': {
    en: ['Your payment for order order-1 failed', `Your payment of ${euros.en} failed: declined.`, 'Reason: declined'],
    de: ['Ihre Zahlung für die Bestellung order-1 ist fehlgeschlagen', `Ihre Zahlung über ${euros.de} ist fehlgeschlagen: declined.`, 'Grund: declined']
  },
  'action-required': {
    en: ['Please decide about your order order-1', `Your order waits for your decision until ${moment.en}.`, 'Not in stock: MUG', euros.en],
    de: ['Bitte entscheiden Sie über Ihre Bestellung order-1', `Ihre Bestellung wartet bis ${moment.de} auf Ihre Entscheidung.`, 'Nicht vorrätig: MUG', euros.de]
  },
  'order-backordered': {
    en: ['Part of your order order-1 has to be reordered', `We wait for stock until ${moment.en}.`, 'Not in stock: MUG'],
    de: ['Ein Teil Ihrer Bestellung order-1 wird nachbestellt', `Wir warten bis ${moment.de} auf Ware.`, 'Nicht vorrätig: MUG']
  },
  'order-partially-shipped': {
    en: ['A part of your order order-1 is on its way', 'A part of your order is on its way (UPS 1Z).', '1Z', euros.en],
    de: ['Ein Teil Ihrer Bestellung order-1 ist unterwegs', 'Ein Teil Ihrer Bestellung ist unterwegs (UPS 1Z).', '1Z', euros.de]
  },
  'order-shipped': {
    en: ['Your order order-1 is on its way', 'Your order is on its way (UPS 1Z).', 'Carrier: UPS', '1Z'],
    de: ['Ihre Bestellung order-1 ist unterwegs', 'Ihre Bestellung ist unterwegs (UPS 1Z).', 'Versand mit: UPS', '1Z']
  },
  'order-lines-cancelled': {
    en: ['The rest of your order order-1 is cancelled', `The rest of your order is cancelled; you get ${twenty.en} back.`, 'Reason: asked', twenty.en],
    de: ['Der Rest Ihrer Bestellung order-1 ist storniert', `Der Rest Ihrer Bestellung ist storniert; Sie erhalten ${twenty.de} zurück.`, 'Grund: asked', twenty.de]
  },
  'order-delivered': { en: ['Your order order-1 has arrived', 'Your order has arrived.', '30 days'], de: ['Ihre Bestellung order-1 ist angekommen', 'Ihre Bestellung ist angekommen.', '30 Tagen'] },
  'refund-issued': { en: [`You get ${twenty.en} back`, `You get ${twenty.en} back.`, 'return-1', 'order-1'], de: [`Sie erhalten ${twenty.de} zurück`, `Sie erhalten ${twenty.de} zurück.`, 'return-1', 'order-1'] },
  'order-cancelled': {
    en: ['Your order order-1 is cancelled', `Your order of ${euros.en} is cancelled: asked.`, 'Given back:', twenty.en],
    de: ['Ihre Bestellung order-1 ist storniert', `Ihre Bestellung über ${euros.de} ist storniert: asked.`, 'Erstattet:', twenty.de]
  },
  'verify-email': { en: ['Please confirm your e-mail address', 'Confirm your address with TOKEN.', 'TOKEN', moment.en], de: ['Bitte bestätigen Sie Ihre E-Mail-Adresse', 'Bestätigen Sie Ihre Adresse mit TOKEN.', 'TOKEN', moment.de] },
  'password-reset': { en: ['Set a new password', 'Set a new password with TOKEN.', 'TOKEN', moment.en], de: ['Neues Passwort setzen', 'Setzen Sie ein neues Passwort mit TOKEN.', 'TOKEN', moment.de] },
  'account-exists': { en: ['You have an account already', 'You have an account already: log in.', 'log in'], de: ['Sie haben schon ein Konto', 'Sie haben schon ein Konto: Melden Sie sich an.', 'Melden Sie sich an'] },
  'password-changed': { en: ['Your password was changed', 'Your password was changed (reset).', '(reset)'], de: ['Ihr Passwort wurde geändert', 'Ihr Passwort wurde geändert (reset).', '(reset)'] },
  'account-locked': {
    en: ['Your account is locked for a while', `Your account is locked until ${moment.en}.`, 'account', moment.en],
    de: ['Ihr Konto ist vorübergehend gesperrt', `Ihr Konto ist bis ${moment.de} gesperrt.`, 'account', moment.de]
  },
  'session-reused': {
    en: ['Somebody may have used your session', 'We have logged you out: somebody may have used your session.', 'Log in again'],
    de: ['Vielleicht hat jemand Ihre Sitzung benutzt', 'Wir haben Sie abgemeldet: Vielleicht hat jemand Ihre Sitzung benutzt.', 'Melden Sie sich neu an']
  },
  'low-stock': { en: ['Low stock: MUG', 'MUG: 2 left.', 'pieces of MUG', 'at 10'], de: ['Wenig Bestand: MUG', 'MUG: noch 2.', 'Stück frei', 'bei 10'] },
  'webhook-disabled': {
    en: ['Your webhook was switched off', 'Your webhook webhook-1 was switched off: failures.', 'webhook-1', 'failures'],
    de: ['Ihr Webhook wurde abgeschaltet', 'Ihr Webhook webhook-1 wurde abgeschaltet: failures.', 'webhook-1', 'failures']
  },
  message: { en: ['Hello', 'Hello', 'World'], de: ['Hello', 'Hello', 'World'] },
  digest: { en: ['2 messages for you', '2 messages for you.', 'one', 'two'], de: ['2 Nachrichten für Sie', '2 Nachrichten für Sie.', 'one', 'two'] }
}

/** Spaces that languages put into amounts and times are spaces here. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

for (const name of Object.keys(templates)) {
  for (const locale of locales) {
    test(`the template ${name} says what it is about in ${locale} when its values are there`, t => {
      const [subject, short, ...says] = expected[name]?.[locale] ?? ['', '']
      const rendered = set.render(name, values[name] ?? {}, { locale, timeZone: null })
      t.equal(plain(rendered.subject), subject)
      t.equal(plain(rendered.short), short)
      for (const words of says) {
        t.ok(plain(rendered.text).includes(words), `text: ${words}`)
        t.ok(plain(rendered.html).replace(/<[^>]+>/g, '').includes(words), `HTML: ${words}`)
      }
      t.ok(rendered.html.startsWith('<!doctype html>') && rendered.html.includes(`<html lang="${locale}">`) && rendered.html.includes(`<title>${rendered.subject}`))
      t.end()
    })
  }
}

test('a value is escaped in HTML, stays as it is in text, and never adds a line to a subject', t => {
  const { subject, html, text, short } = set.render('message', { subject: 'a\r\nBcc: x@y.z', body: '<script>alert("1")</script> & {{token}}' }, { locale: 'en', timeZone: null })
  t.equal(subject, 'a Bcc: x@y.z')
  t.notOk(/[\r\n]/.test(short))
  const turned = set.render('message', { subject: 'a\u202eexe\u2066b 👩‍👧 שלום\u200f', body: 'c' }, { locale: 'en', timeZone: null })
  t.equal(turned.subject, 'a exe b 👩‍👧 שלום\u200f', 'what turns around what follows goes, marks and joiners of words stay')
  t.ok(html.includes('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; {{token}}') && !html.includes('<script>'))
  t.equal(text, '<script>alert("1")</script> & {{token}}\n')
  t.end()
})

test('a letter is not written when a value is missing, or there is no such template', t => {
  t.throws(() => set.render('refund-issued', { ...order, returnId: 'r' }, { locale: 'en', timeZone: null }), { code: 'SNK_TEMPLATE_INVALID', message: /it lacks amount/ })
  t.throws(() => set.render('../../secret', {}, { locale: 'en', timeZone: null }), { code: 'SNK_TEMPLATE_INVALID' })
  t.end()
})

test('times are told in the time zone of the reader', t => {
  const { short } = set.render('account-locked', { scope: 'account', until: '2026-07-02T22:30:00.000Z' }, { locale: 'de-AT', timeZone: 'Europe/Vienna' })
  t.equal(plain(short), 'Ihr Konto ist bis 3. Juli 2026 um 00:30 gesperrt.')
  t.same([localeFor('de-AT'), localeFor('EN-us'), localeFor('fr')], ['de', 'en', 'en'])
  t.end()
})

test('templates are refused at the start when a file is missing, lacks a part, names what is not declared, or cannot be read as one', t => {
  const cases: ReadonlyArray<readonly [source: string | undefined, problem: RegExp]> = [
    [undefined, /cannot be read/],
    ['--- subject\na\n--- short\nb\n--- text\nc\n', /it has no html/],
    ['--- subject\na\n--- short\nb\n--- text\n{{other}}\n--- html\nd\n', /names other, which is not declared/],
    ['--- subject\na\n--- short\nb\n--- text\n{{#if}\n--- html\nd\n', /SNK|cannot be used/]
  ]
  for (const [index, [source, problem]] of cases.entries()) {
    const folder = join(t.testdir(), String(index))
    for (const locale of locales) mkdirSync(join(folder, locale), { recursive: true })
    writeFileSync(join(folder, 'layout.hbs'), '{{{body}}}')
    if (source !== undefined) for (const locale of locales) writeFileSync(join(folder, locale, 'one.hbs'), source)
    t.throws(() => new TemplateSet({ one: { variables: ['known'] } }, folder), { code: 'SNK_TEMPLATE_INVALID', message: problem })
  }
  t.end()
})
