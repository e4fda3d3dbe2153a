import { type SpanExporter } from '@opentelemetry/sdk-trace'

/** @source OpenTelemetry ExportResultCode */
const SUCCESS = 0

/** The exporter, with somebody who is told when it begins to fail (the error), and when it works again (undefined). */
export function watchExports (exporter: SpanExporter, onChange: (error: Error | undefined) => void): SpanExporter {
  let isFailing = false
  return {
    export: (spans, done) => {
      exporter.export(spans, result => {
        const hasFailed = result.code !== SUCCESS
        if (hasFailed !== isFailing) onChange(hasFailed ? result.error ?? new Error('the collector refused them') : undefined)
        isFailing = hasFailed
        done(result)
      })
    },
    shutdown: async () => { await exporter.shutdown() },
    ...(exporter.forceFlush === undefined ? {} : { forceFlush: async () => { await exporter.forceFlush?.() } })
  }
}
