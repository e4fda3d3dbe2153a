import { test } from 'tap'
import { createFoldedReport } from '../../ops/provision/folded-report.ts'

function folded (...lines: string[]): { readonly printed: string[], readonly whole: string[] } {
  const [printed, whole]: [string[], string[]] = [[], []]
  const { report, end } = createFoldedReport(line => { printed.push(line) }, line => { whole.push(line) }, 'a.log')
  lines.forEach(report)
  end()
  return { printed, whole }
}

const schemas = Array.from({ length: 5 }, (_, i) => `+ schema s-${i} (id ${i})`)

test('a start that makes everything is told in a few lines, and whole in the log', t => {
  const lines = [...schemas, '+ topic a (8 partitions, kept)', '+ orders: first progress written (task 0, 1)', '+ first administrator a@b.c']
  const { printed, whole } = folded(...lines)
  t.same(printed, [...schemas.slice(0, 3), '  … and 2 more schemas (all in a.log)', ...lines.slice(5)])
  t.same(whole, lines)
  t.end()
})

test('what needed nothing or is of a kind of its own is always told', t => {
  const lines = ['= schemas (5 subjects) up to date', ...Array.from({ length: 6 }, (_, i) => `~ topic t-${i}: retention.ms 1 → 2`)]
  t.same(folded(...lines).printed, lines)
  t.end()
})

test('the last kind is counted, too', t => {
  t.equal(folded(...schemas).printed.at(-1), '  … and 2 more schemas (all in a.log)')
  t.end()
})
