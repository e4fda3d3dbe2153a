import { hostname } from 'node:os'
import { type Logger } from '../logger.ts'
import { type RunContext } from './context.ts'

/** Traces what this process does, when a collector is configured. Without one nothing of it is even loaded. */
export async function openTracing ({ config: { telemetry }, options, closers, print }: RunContext, logger: Logger): Promise<void> {
  if (telemetry.endpoint === '') return
  const { startTracing } = await import('../telemetry/tracing.ts')
  const tracing = startTracing({
    ...telemetry,
    instance: options.instance ?? `${options.role}@${hostname()}/${process.pid}`,
    onExport: error => {
      if (error === undefined) logger.info({ endpoint: telemetry.endpoint }, 'traces are exported again')
      else logger.warn({ err: error, endpoint: telemetry.endpoint }, 'traces cannot be exported: spans are lost, nothing else')
    }
  })
  closers.add('tracing', async () => await tracing.close())
  print(`traces: ${telemetry.ratio * 100} % of what begins here, to ${telemetry.endpoint}`)
}
