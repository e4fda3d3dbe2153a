import { setTimeout as sleep } from 'node:timers/promises'
import { type Weather } from '../net/proxy.ts'
import { type Row } from './row.ts'

/** Network troubles between the platform and its broker, each with the time it lasts, ms. */
const troubles: ReadonlyArray<readonly [name: string, weather: Weather, lastsMs: number]> = [
  ['cut', { kind: 'cut' }, 5000],
  ['half-open', { kind: 'silent' }, 6000],
  ['200 ms and as much jitter', { kind: 'slow', ms: 200, jitterMs: 200 }, 5000],
  ['one byte at a time', { kind: 'sliced', bytes: 1 }, 4000]
]

export const brokerRows: readonly Row[] = [
  {
    number: 6,
    fault: 'broker restart and kill',
    done: 'the broker is killed and comes back after 6 s, then it is restarted in order; the API answers 503 and loses nothing that it acknowledged',
    missing: 'leader and coordinator moves among three brokers: test/integration/kafka-cluster, with the counting application',
    group: 'broker',
    run: async act => {
      const { services } = act.stage
      await act.at(0.2)
      await act.fault('broker killed', async () => {
        await services.kill('kafka')
        await sleep(6000)
        const { status } = await act.api.place('while-the-broker-is-away', 1)
        act.expect(`an order without a broker is answered with 503, not ${status}`, status === 503 || status === 0)
        await services.start('kafka')
      }, { withinMs: 30_000, hidesFromApi: true })
      await act.moves()
      await act.fault('broker restarted', async () => {
        await services.stop('kafka')
        await services.start('kafka')
      }, { withinMs: 30_000 })
      await act.moves()
    }
  },
  {
    number: 7,
    fault: 'network to the broker',
    done: `${troubles.map(([name, , lastsMs]) => `${name} for ${lastsMs / 1000} s`).join(', ')}, and five resets of every connection a second apart`,
    group: 'broker',
    run: async act => {
      const door = act.stage.doors.kafka
      for (const [name, weather, lastsMs] of troubles) {
        await act.fault(`network: ${name}`, async () => {
          door.turn(weather)
          await sleep(lastsMs)
          door.heal()
        }, { withinMs: 30_000 })
        await act.moves()
      }
      await act.fault('network: resets', async () => {
        for (let round = 0; round < 5; round++) {
          door.reset()
          await sleep(1000)
        }
      }, { withinMs: 20_000 })
      await act.moves()
    }
  }
]
