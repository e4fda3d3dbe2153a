import { type Builder } from '@grafana/grafana-foundation-sdk/cog'
import { LegendDisplayMode, LegendPlacement, TooltipDisplayMode, VizLegendOptionsBuilder, VizTooltipOptionsBuilder } from '@grafana/grafana-foundation-sdk/common'
import { DashboardBuilder, DatasourceVariableBuilder, type Panel, QueryVariableBuilder, RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as GraphBuilder } from '@grafana/grafana-foundation-sdk/timeseries'

/** What a panel asks Prometheus, and what its lines are called: `{{label}}` is filled in. */
export type Query = readonly [expr: string, legend: string]

/** Units as Grafana names them. */
export type Unit = 's' | 'short' | 'ops' | 'reqps' | 'percentunit' | 'bytes' | 'none' | 'cores'

export interface Chart { readonly title: string, readonly about: string, readonly unit: Unit, readonly queries: readonly Query[], readonly kind?: 'graph' | 'stat' }
export interface Row { readonly title: string, readonly charts: readonly Chart[] }

/** A dashboard as this project describes one. `uid` is part of links: never to be changed. */
export interface Board {
  readonly uid: string
  readonly title: string
  readonly about: string
  /** A label that the viewer may narrow everything by: `$name` in queries, of the values it has in a metric. */
  readonly variable?: { readonly name: string, readonly metric: string }
  readonly rows: readonly Row[]
}

const source = { type: 'prometheus', uid: '${datasource}' } // eslint-disable-line no-template-curly-in-string -- Grafana fills it in
const HEIGHT = 8
const WIDTH = { graph: 8, stat: 4 } as const

/** The dashboard as Grafana takes it. */
export function buildBoard ({ uid, title, about, variable, rows }: Board): object {
  const board = new DashboardBuilder(title).uid(uid).description(about).tags(['commerce-streams', 'generated'])
    .time({ from: 'now-1h', to: 'now' }).refresh('30s').timezone('utc').readonly()
  board.withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'))
  if (variable !== undefined) {
    board.withVariable(new QueryVariableBuilder(variable.name).datasource(source).query(`label_values(${variable.metric}, ${variable.name})`).multi(true).includeAll(true).allValue('.*'))
  }
  for (const row of rows) {
    board.withRow(new RowBuilder(row.title))
    for (const chart of row.charts) board.withPanel(panel(chart))
  }
  return board.build()
}

function panel ({ title, about, unit, queries, kind = 'graph' }: Chart): Builder<Panel> {
  const builder = kind === 'stat' ? new StatBuilder() : graph()
  builder.title(title).description(about).datasource(source).unit(unit).height(HEIGHT).span(WIDTH[kind])
  for (const [index, [expr, legend]] of queries.entries()) {
    builder.withTarget(new DataqueryBuilder().refId(String.fromCharCode(65 + index)).expr(expr).legendFormat(legend))
  }
  return builder
}

function graph (): GraphBuilder {
  return new GraphBuilder().fillOpacity(8).min(0)
    .legend(new VizLegendOptionsBuilder().showLegend(true).displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi))
}

/** Quantiles of a histogram over five minutes, by labels. */
export function quantiles (metric: string, selector: string, by: readonly string[] = []): readonly Query[] {
  const legend = by.map(label => `{{${label}}}`).join(' ')
  return [0.5, 0.99].map(q => [
    `histogram_quantile(${q}, sum by (${['le', ...by].join(', ')}) (rate(${metric}_bucket${selector}[5m])))`, `${legend} p${q * 100}`.trim()
  ] as const)
}

/** A rate a second over five minutes, summed by labels. */
export function rate (metric: string, selector: string, by: readonly string[] = []): Query {
  const sum = by.length === 0 ? 'sum' : `sum by (${by.join(', ')})`
  return [`${sum} (rate(${metric}${selector}[5m]))`, by.length === 0 ? metric : by.map(label => `{{${label}}}`).join(' ')]
}
