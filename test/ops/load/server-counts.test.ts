import { test } from 'tap'
import { difference, disagreements, serverCounts } from '../../../ops/load/server-counts.ts'

const metrics = `# HELP http_server_request_duration_seconds Time
http_server_request_duration_seconds_bucket{le="1",http_request_method="POST",http_route="/v1/orders/",http_response_status_code="202"} 7
http_server_request_duration_seconds_count{http_request_method="POST",http_route="/v1/orders/",http_response_status_code="202"} 7
http_server_request_duration_seconds_count{http_request_method="GET",http_route="/v1/orders/:id",http_response_status_code="200"} 3
process_cpu_seconds_total 4
`

test('the counts of the API are its own, by route and status, and nothing else of its metrics', async t => {
  t.strictSame([...serverCounts(metrics)], [['POST /v1/orders 202', 7], ['GET /v1/orders/:id 200', 3]])
})

test('what came between two looks is told without what was there before', async t => {
  const before = serverCounts(metrics)
  const after = new Map([...before, ['POST /v1/orders 202', 10], ['POST /v1/orders 503', 2]])
  t.strictSame([...difference(before, after)], [['POST /v1/orders 202', 3], ['POST /v1/orders 503', 2]])
})

test('sender and server disagree when an answer was received that the API did not give, or given that nobody received', async t => {
  const sent = new Map([['POST /v1/orders 202', 10]])
  t.strictSame(disagreements(sent, new Map(sent), 0), [])
  t.match(disagreements(sent, new Map([['POST /v1/orders 202', 9]]), 0), [/10 answers were received, the API counts 9/])
  t.match(disagreements(sent, new Map([['POST /v1/orders 202', 11]]), 0), [/1 answers that nobody received/])
  t.strictSame(disagreements(sent, new Map([['POST /v1/orders 202', 11]]), 1), [], 'a request without an answer may have had one')
  t.match(disagreements(sent, new Map([...sent, ['POST /v1/orders 500', 1]]), 0), [/nobody received/])
})
