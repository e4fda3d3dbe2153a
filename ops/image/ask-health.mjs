// The health check of the images: ends with 0 when the process in this container is alive. Needs nothing but Node.

const port = process.env.COMMERCE_METRICS_PORT ?? 9464
const alive = await fetch(`http://127.0.0.1:${port}/health/live`, { signal: AbortSignal.timeout(4_000) }).then(({ ok }) => ok, () => false)
process.exit(alive ? 0 : 1)
