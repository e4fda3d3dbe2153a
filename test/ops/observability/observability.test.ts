import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'tap'
import { parse } from 'yaml'
import { alertFiles, alerts, runbookOf } from '../../../ops/observability/alerts/index.ts'
import { boards, dashboardFiles } from '../../../ops/observability/dashboards/index.ts'
import { familyOf, metricNames } from '../../../ops/observability/metric-names.ts'

interface Panel { readonly type: string, readonly title: string, readonly description?: string, readonly targets?: readonly unknown[] }
interface RuleTest { readonly alertname: string, readonly exp_alerts: readonly unknown[] }

const root = join(import.meta.dirname, '../../..')

test('the metrics of an expression are found, and nothing else', async t => {
  const expressions: ReadonlyArray<readonly [string, readonly string[]]> = [
    ['sum by (processor) (rate(pipeline_records_total{processor=~"a|b(c)"}[5m]))', ['pipeline_records_total']],
    ['histogram_quantile(0.99, sum by (le, node) (rate(x_seconds_bucket[5m])))', ['x_seconds_bucket']],
    ['max(a_b) > 0 unless on (processor) sum by (processor) (increase(c_total[5m])) > 0', ['a_b', 'c_total']],
    ['time() - max(last_look_seconds) > 6e2', ['last_look_seconds']],
    ['max by (law) (v) > max by (law) (v offset 5m)', ['v']],
    ['delta(max by (what) (orders{what!~"a"})[1h:1m]) / 10', ['orders']]
  ]
  for (const [expression, names] of expressions) t.same(metricNames(expression), names, expression)
})

test('a part of a histogram belongs to its family', async t => {
  const families = new Set(['x_seconds', 'y_count'])
  t.equal(familyOf('x_seconds_bucket', families), 'x_seconds')
  t.equal(familyOf('y_count', families), 'y_count')
  t.equal(familyOf('z_total', families), undefined)
})

test('there are ten dashboards with places of their own, and every panel says what it shows', async t => {
  t.equal(boards.length, 10)
  t.equal(new Set(boards.map(board => board.uid)).size, 10)
  for (const { content } of dashboardFiles()) {
    const { uid, panels } = JSON.parse(content) as { readonly uid: string, readonly panels: readonly Panel[] }
    for (const { type, title, description, targets } of panels) {
      if (type !== 'row') t.ok(title !== '' && (description ?? '').length > 5 && (targets ?? []).length > 0, `${uid}: ${title}`)
    }
  }
  t.same(readdirSync(join(root, 'ops/observability/grafana/dashboards')).sort(), dashboardFiles().map(({ path }) => basename(path)).sort(), 'and no other lies there')
})

test('every alert has a page that says what it means, what to look at and what to do, and every page an alert', async t => {
  const pages = new Set(alerts.map(({ name }) => runbookOf(name)))
  for (const page of pages) {
    t.ok(existsSync(join(root, page)), page)
    const text = readFileSync(join(root, page), 'utf8')
    t.match(text, /^# .+\n\n## What it means\n.+\n\n## What to look at\n(- .+\n)+\n## What to do\n(- .+\n)+$/s, page)
    for (const [, link = ''] of text.matchAll(/\]\(([^)]+)\)/g)) t.ok(existsSync(join(root, 'docs/runbooks', link.split('#')[0] ?? '')), `${page} → ${link}`)
  }
  t.same(readdirSync(join(root, 'docs/runbooks')).map(file => `docs/runbooks/${file}`).sort(), [...pages].sort())
})

test('every alert has a test that fires and one that does not', async t => {
  const tested = alertFiles().filter(({ path }) => path.endsWith('.test.yaml')).flatMap(({ content }) => {
    return (parse(content) as { readonly tests: ReadonlyArray<{ readonly alert_rule_test: readonly RuleTest[] }> }).tests
  }).flatMap(each => each.alert_rule_test)
  for (const { name } of alerts) {
    const mine = tested.filter(({ alertname }) => alertname === name)
    t.ok(mine.some(({ exp_alerts: expected }) => expected.length > 0), `${name} fires`)
    t.ok(mine.some(({ exp_alerts: expected }) => expected.length === 0), `${name} stays silent`)
  }
})

test('what a summary fills in is there to be filled in', async t => {
  for (const { name, expr, summary } of alerts) {
    for (const [, label = ''] of summary.matchAll(/\$labels\.(\w+)/g)) t.ok(new RegExp(`\\bby \\([^)]*\\b${label}\\b`).test(expr) || !expr.includes(' by ('), `${name}: ${label}`)
  }
})
