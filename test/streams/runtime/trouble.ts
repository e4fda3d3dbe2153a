import { type Owner, type World } from './world.ts'

/** What can happen to a world between two commands. `go-back`: to the state as it was at the go-back before, or at the start. */
export type Trouble =
  | { readonly kind: 'stop' | 'crash' | 'flush' | 'go-back' | 'second-owner' | 'compact' }
  | { readonly kind: 'break', readonly op: 'read' | 'apply' | 'claim', readonly phase: 'request' | 'answer' }
  | { readonly kind: 'break-broker', readonly api: 'produce' | 'endTxn' | 'listOffsets', readonly phase: 'request' | 'answer' }
  | { readonly kind: 'wait', readonly ms: number }

/** Makes trouble for a world whose task is owned, until it is left in peace. */
export class Troublemaker {
  readonly #world: World
  #owner: Owner
  #snapshot

  private constructor (world: World, owner: Owner) {
    this.#world = world
    this.#owner = owner
    this.#snapshot = world.backend.snapshot()
  }

  static async begin (world: World): Promise<Troublemaker> {
    return new Troublemaker(world, await world.own())
  }

  async make (trouble: Trouble): Promise<void> {
    const world = this.#world
    switch (trouble.kind) {
      case 'flush': world.backend.flush(); break
      case 'go-back':
        world.backend.restore(this.#snapshot)
        this.#snapshot = world.backend.snapshot()
        break
      case 'second-owner': world.start(); break
      case 'compact': world.broker.compact(world.changelog); break
      case 'stop': this.#owner.crash(); break
      case 'crash':
        this.#owner.crash()
        this.#owner = world.start()
        break
      case 'break': world.backend.faults.fail({ op: trouble.op }, { phase: trouble.phase }); break
      case 'break-broker': {
        const { api, phase } = trouble
        world.broker.faults.fail({ api, ...api === 'listOffsets' ? {} : { transactionalId: world.transactionalId } }, { phase })
        break
      }
      case 'wait': await world.wait(trouble.ms)
    }
  }

  /** Nothing is broken any more, the task is owned anew, and so many seconds go by. */
  async leave (seconds: number): Promise<void> {
    this.#world.broker.faults.clear()
    this.#world.backend.faults.clear()
    await this.#world.own()
    for (let n = 0; n < seconds; n++) await this.#world.wait(1000)
  }
}
