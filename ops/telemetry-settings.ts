import { Type } from 'typebox'

/** Where traces go, and how many of them. */
export interface TelemetrySettings {
  /** Base URL of an OTLP collector (HTTP); empty = nothing is traced. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  /** Share of the traces that begin here, 0 to 1. */
  readonly ratio: number
  readonly serviceName: string
}

/**
 * The settings of telemetry, as part of all settings.
 *
 * @source OpenTelemetry specification, environment variables: names and meanings, so that an operator knows them.
 */
export const telemetrySettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.String({
    description: 'Base URL of a collector that takes traces over OTLP (HTTP), e.g. http://127.0.0.1:4318. Empty: nothing is traced, and tracing costs nothing.', default: '', unit: 'URL'
  }),
  OTEL_EXPORTER_OTLP_HEADERS: Type.String({ description: 'Headers for the collector, name=value separated by commas; values may be percent-encoded.', default: '', unit: 'secret' }),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    description: 'Share of the traces that begin here and are kept. A trace that began elsewhere is kept when whoever began it says so.', default: 0.01, minimum: 0, maximum: 1, unit: 'share'
  }),
  OTEL_SERVICE_NAME: Type.String({ description: 'Name of the service in traces.', default: 'commerce-streams', minLength: 1, unit: 'name' })
}

interface TelemetryValues {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT: string
  readonly OTEL_EXPORTER_OTLP_HEADERS: string
  readonly OTEL_TRACES_SAMPLER_ARG: number
  readonly OTEL_SERVICE_NAME: string
}

/** @throws {Error} naming the setting and what is wrong with it. */
export function groupTelemetry (values: TelemetryValues): TelemetrySettings {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } = values
  const url = endpoint === '' ? undefined : URL.parse(endpoint)
  if (url !== undefined && (url === null || !/^https?:$/.test(url.protocol) || url.search !== '')) throw new Error('OTEL_EXPORTER_OTLP_ENDPOINT must be the base URL of a collector, as http://127.0.0.1:4318')
  return { endpoint, headers: headersOf(values.OTEL_EXPORTER_OTLP_HEADERS), ratio: values.OTEL_TRACES_SAMPLER_ARG, serviceName: values.OTEL_SERVICE_NAME }
}

function headersOf (text: string): Record<string, string> {
  const entries = text.split(',').map(entry => entry.trim()).filter(entry => entry !== '')
  return Object.fromEntries(entries.map(entry => {
    const at = entry.indexOf('=')
    if (at < 1) throw new Error('OTEL_EXPORTER_OTLP_HEADERS must be name=value, separated by commas')
    return [entry.slice(0, at).trim(), decodeURIComponent(entry.slice(at + 1).trim())]
  }))
}
