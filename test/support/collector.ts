import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { type Test } from 'tap'

/** A span as OTLP writes it in JSON. */
export interface CollectedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: ReadonlyArray<{ readonly key: string, readonly value: Readonly<Record<string, unknown>> }>
  readonly links?: ReadonlyArray<{ readonly traceId: string, readonly spanId: string }>
}

interface ExportRequest { readonly resourceSpans: ReadonlyArray<{ readonly scopeSpans: ReadonlyArray<{ readonly spans: readonly CollectedSpan[] }> }> }

/** A collector that takes traces over OTLP (HTTP, JSON) and keeps them; it ends with the test. */
export async function startCollector (t: Test): Promise<{ readonly endpoint: string, spans (): readonly CollectedSpan[] }> {
  const spans: CollectedSpan[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => { chunks.push(chunk) })
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as ExportRequest
      for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans)
      response.setHeader('content-type', 'application/json').end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans: () => spans }
}

/** The value of an attribute, as text. */
export function attributeOf ({ attributes }: CollectedSpan, key: string): string | undefined {
  const value = attributes.find(attribute => attribute.key === key)?.value
  return value === undefined ? undefined : String(Object.values(value)[0])
}
