import { type InitialiseReport, type Topology, initialiseTasks, systemClock } from '#streams'
import { migrate } from '../../sinks/index.ts'
import { type Report } from '../provision/report.ts'
import { provision } from '../provision/index.ts'
import { type Platform } from './connect.ts'

/**
 * Provisions everything a topology needs: subjects, topics, changelogs, first progress, analytics tables. Returns the number of
 * changes; the second run changes nothing. `initialise` names tasks whose first run was cut short.
 */
export async function provisionPlatform (platform: Platform, topology: Topology, report: Report, initialise: readonly string[] = []): Promise<number> {
  return await provision({
    kafka: platform.kafka,
    registry: platform.registry,
    topology,
    report,
    initialiseTasks: async created => {
      const reports = await initialiseTasks({ kafka: platform.kafka, topology, clock: systemClock, created, only: initialise, instance: 'provisioning' })
      return describeReports(reports)
    },
    migrate: async () => {
      const lines: string[] = []
      await migrate(platform.clickhouse, ({ version, name, action }) => {
        if (action === 'applied') lines.push(`analytics migration ${version} ${name}`)
      })
      return lines
    }
  })
}

const actions = {
  initialised: 'first progress written',
  'inputs-added': 'new inputs joined its progress',
  missing: 'has no progress in a changelog that was there before; if it never ran, provision with --initialise and its name'
} as const

/** One line per node and action, with the tasks it is about. */
function describeReports (reports: readonly InitialiseReport[]): string[] {
  const lines = new Map<string, string[]>()
  for (const { task, action } of reports) {
    if (action === 'unchanged') continue
    const node = task.slice(0, task.lastIndexOf('-'))
    const name = `${node}: ${actions[action]}`
    lines.set(name, [...lines.get(name) ?? [], task.slice(node.length + 1)])
  }
  return [...lines].map(([name, partitions]) => `${name} (task ${partitions.join(', ')})`)
}
