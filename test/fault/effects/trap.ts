import { type Kafka, listen } from '#streams'
import { type Moment } from './moments.ts'

/** Where a process is to be killed: at that step of the next effect that a record of this type leads to. */
export interface Aim { readonly moment: Moment, readonly recordType: string }

/**
 * Kills its own process at a step of an effect: SIGKILL, so that nothing of it runs any more. It hears of the steps from the runtime's channels, and
 * stands around the transactions and the calls.
 */
export class Trap {
  #aim: Aim | undefined
  /** Partition of the task that has the effect in hand. */
  #partition = -1
  #stage: 'waiting' | 'accepting' | 'calling' | 'finishing' | 'finished' = 'waiting'

  constructor () {
    listen('streams:input:ended', ({ partition, how, value }) => {
      if (this.#aim === undefined || how !== 'handled' || (value as { readonly type?: unknown } | undefined)?.type !== this.#aim.recordType) return
      this.#partition = partition
      this.#stage = 'accepting'
      this.#come('taken')
    })
    listen('streams:state:applied', ({ partition }) => {
      if (partition !== this.#partition) return
      if (this.#stage === 'accepting' || this.#stage === 'calling') this.#come('applied')
      if (this.#stage === 'finished') this.#come('finish applied')
    })
  }

  aim (at: Aim): void {
    this.#aim = at
  }

  /** The call of an effect, with its steps. */
  around<Args extends readonly unknown[], Answer> (call: (...args: Args) => Promise<Answer>): (...args: Args) => Promise<Answer> {
    return async (...args) => {
      // Until it is applied what was accepted is called all the same: then the call waits, so that the step before it is there.
      if (this.#aim?.moment === 'applied') await new Promise(() => {})
      if (this.#stage === 'accepting') this.#stage = 'calling'
      this.#come('called')
      const answer = await call(...args)
      if (this.#stage === 'calling') this.#stage = 'finishing'
      this.#come('answered')
      return answer
    }
  }

  /** The client, with the steps of its transactions. */
  client (kafka: Kafka): Kafka {
    const openTransactions: Kafka['openTransactions'] = options => {
      const unit = kafka.openTransactions(options)
      const isOurs = (): boolean => options.transactionalId.endsWith(`.${this.#partition}`)
      const commit: typeof unit.commit = async records => {
        if (isOurs()) this.#commitStep('accept sent', 'finish sent')
        const result = await unit.commit(records)
        if (isOurs()) {
          this.#commitStep('accepted', 'finished')
          if (this.#stage === 'finishing') this.#stage = 'finished'
        }
        return result
      }
      return new Proxy(unit, { get: (target, name) => name === 'commit' ? commit : bound(target, name) })
    }
    return new Proxy(kafka, { get: (target, name) => name === 'openTransactions' ? openTransactions : bound(target, name) })
  }

  #commitStep (accepting: Moment, finishing: Moment): void {
    if (this.#stage === 'accepting') this.#come(accepting)
    if (this.#stage === 'finishing') this.#come(finishing)
  }

  #come (moment: Moment): void {
    if (this.#aim?.moment === moment) process.kill(process.pid, 'SIGKILL')
  }
}

function bound (target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name)
  return typeof value === 'function' ? value.bind(target) : value
}
