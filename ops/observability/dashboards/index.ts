import { type GeneratedFile } from '../../codegen/avro-types.ts'
import { type Board, buildBoard } from './panels.ts'
import { orderPipeline, serviceOverview, streamTasks, topicsAndLag } from './platform-boards.ts'
import { apiGateway, business, clickhouseSink, infrastructure, redisState, sagaAndCompensations } from './service-boards.ts'

export { type Board } from './panels.ts'

/** Every dashboard, in the order in which somebody looks at them. */
export const boards: readonly Board[] = [
  serviceOverview, orderPipeline, sagaAndCompensations, streamTasks, topicsAndLag, redisState, clickhouseSink, apiGateway, infrastructure, business
]

/** The dashboards as Grafana is given them, one file each. */
export function dashboardFiles (): readonly GeneratedFile[] {
  return boards.map(board => ({
    path: `ops/observability/grafana/dashboards/${board.uid.replace(/^cs-/, '')}.json`, content: `${JSON.stringify(buildBoard(board), null, 2)}\n`
  }))
}
