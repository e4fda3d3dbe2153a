/** A client that is still told to come again after this long gives up, ms. */
const longestMs = 60_000

/**
 * fetch as the API asks of its clients: an answer 503 that names a time to come again is not the end of it. Nothing of the request was
 * accepted then, or its idempotency key says so. Resolves with that answer only when it stays so for a minute.
 */
export async function patientFetch (request: Request): Promise<Response> {
  for (const deadline = performance.now() + longestMs; ;) {
    const response = await fetch(request.clone())
    const againS = Number(response.headers.get('retry-after') ?? Number.NaN)
    if (response.status !== 503 || Number.isNaN(againS) || performance.now() > deadline) return response
    await response.body?.cancel()
    await new Promise(resolve => { setTimeout(resolve, againS * 1000) })
  }
}
