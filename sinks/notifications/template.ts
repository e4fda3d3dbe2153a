import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Handlebars from 'handlebars'
import { SinkError } from '../errors.ts'

/** A message in words. */
export interface Rendered { readonly subject: string, readonly short: string, readonly text: string, readonly html: string }

/** What a template may name: its values, and those that come sealed. */
export interface Declaration { readonly variables: readonly string[], readonly sealed?: readonly string[] }

/** What a letter is written with beside its values. */
export interface Writing { readonly locale: string, readonly timeZone: string | null }

/** Languages that every template is there in; the first is for everybody else. */
export const locales = ['en', 'de'] as const
export type Locale = (typeof locales)[number]

const parts = ['subject', 'short', 'text', 'html'] as const
type Part = (typeof parts)[number]
type Template = Readonly<Record<Part, HandlebarsTemplateDelegate>> & { readonly names: readonly string[] }

/** Formats that are kept: making one costs more than writing a letter. */
const keptFormats = 500

/** Makes each format once. Keys come from readers: there are not more of them than are kept, or all are made anew. */
function kept<Format> (make: (locale: string, about: string) => Format): (locale: string, about: string) => Format {
  const formats = new Map<string, Format>()
  return (locale, about) => {
    const key = `${locale} ${about}`
    const known = formats.get(key)
    if (known !== undefined) return known
    if (formats.size >= keptFormats) formats.clear()
    const format = make(locale, about)
    formats.set(key, format)
    return format
  }
}

const amounts = kept((locale, currency) => new Intl.NumberFormat(locale, { style: 'currency', currency }))
const times = kept((locale, timeZone) => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone }))

/** Helpers of templates: amounts and times in the way of the reader. */
const helpers = {
  money: (amount: string, currency: string, { data }: Handlebars.HelperOptions) =>
    amounts(String(data.root.locale), currency).format(amount as Intl.StringNumericLiteral),
  time: (iso: string, { data }: Handlebars.HelperOptions) =>
    times(String(data.root.locale), String(data.root.timeZone)).format(Date.parse(iso)) + (data.root.timeZone === 'UTC' ? ' UTC' : '')
} as const

/** What every template may name without a declaration. */
const given: ReadonlySet<string> = new Set(['locale', 'timeZone', 'if', 'each', ...Object.keys(helpers)])

/** The language that a reader is written to in: his own, or the first. */
export function localeFor (tag: string): Locale {
  const language = tag.toLowerCase().split('-')[0]
  return locales.find(locale => locale === language) ?? locales[0]
}

/**
 * The templates of that folder: one file a template and language, `<locale>/<name>.hbs`, of four parts (subject, short, text, html). In HTML every value is
 * escaped; a value that a template names and does not get is an error, never a gap.
 *
 * @throws {SinkError} SNK_TEMPLATE_INVALID when one is missing, lacks a part, or names a value that is not declared.
 */
export class TemplateSet {
  readonly #templates = new Map<string, Template>()
  readonly #layout: HandlebarsTemplateDelegate

  constructor (declarations: Readonly<Record<string, Declaration>>, folder = join(import.meta.dirname, 'templates')) {
    const engine = Handlebars.create()
    engine.registerHelper(helpers)
    const compile = (source: string, isHtml: boolean) =>
      engine.compile(source, { strict: true, noEscape: !isHtml, knownHelpersOnly: true, knownHelpers: { if: true, each: true, money: true, time: true } })
    this.#layout = compile(read(join(folder, 'layout.hbs')), true)
    for (const [name, declaration] of Object.entries(declarations)) {
      for (const locale of locales) {
        const file = join(folder, locale, `${name}.hbs`)
        const sources = split(read(file), file)
        checkNames(sources, declaration, file)
        const compiled = Object.fromEntries(parts.map(part => [part, compile(sources[part], part === 'html')])) as Record<Part, HandlebarsTemplateDelegate>
        this.#templates.set(`${locale}/${name}`, { ...compiled, names: [...declaration.variables, ...declaration.sealed ?? []] })
      }
    }
  }

  /** @throws {SinkError} SNK_TEMPLATE_INVALID when there is no such template, or it lacks a value. */
  render (name: string, values: Readonly<Record<string, unknown>>, { locale: tag, timeZone }: Writing): Rendered {
    const locale = localeFor(tag)
    const template = this.#templates.get(`${locale}/${name}`)
    if (template === undefined) throw new SinkError('SNK_TEMPLATE_INVALID', { template: name, problem: 'there is no such template' })
    const missing = template.names.find(each => values[each] === undefined)
    if (missing !== undefined) throw new SinkError('SNK_TEMPLATE_INVALID', { template: name, problem: `it lacks ${missing}` })
    const context = { ...values, locale, timeZone: timeZone ?? 'UTC' }
    try {
      const subject = oneLine(template.subject(context))
      const html = this.#layout({ locale, subject, body: template.html(context) })
      return { subject, short: oneLine(template.short(context)), text: `${template.text(context).trim()}\n`, html }
    } catch (error) {
      throw new SinkError('SNK_TEMPLATE_INVALID', { template: name, problem: (error as Error).message.split('\n')[0] }, error)
    }
  }
}

/** No value can add a line to what is a header elsewhere, nor turn around how the rest of it is shown (overrides and isolates of direction). */
function oneLine (text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
}

function read (file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new SinkError('SNK_TEMPLATE_INVALID', { file, problem: 'it cannot be read' }, error)
  }
}

/** Parts begin with a line `--- <part>`. */
function split (source: string, file: string): Readonly<Record<Part, string>> {
  const found = new Map(source.split(/^--- /m).slice(1).map(section => {
    const end = section.indexOf('\n')
    return [section.slice(0, end).trim(), section.slice(end + 1).trim()] as const
  }))
  for (const part of parts) if ((found.get(part) ?? '') === '') throw new SinkError('SNK_TEMPLATE_INVALID', { file, problem: `it has no ${part}` })
  return Object.fromEntries(found) as Record<Part, string>
}

function checkNames (sources: Readonly<Record<Part, string>>, { variables, sealed = [] }: Declaration, file: string): void {
  const declared = new Set([...variables, ...sealed])
  class Names extends Handlebars.Visitor {
    override PathExpression ({ parts: path }: hbs.AST.PathExpression): void {
      const [name] = path
      if (name !== undefined && !declared.has(name) && !given.has(name)) throw new SinkError('SNK_TEMPLATE_INVALID', { file, problem: `it names ${name}, which is not declared` })
    }
  }
  for (const part of parts) {
    let tree: hbs.AST.Program
    try {
      tree = Handlebars.parse(sources[part])
    } catch (error) {
      throw new SinkError('SNK_TEMPLATE_INVALID', { file, problem: (error as Error).message.split('\n')[0] }, error)
    }
    new Names().accept(tree)
  }
}
