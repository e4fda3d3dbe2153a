import { setTimeout as sleep } from 'node:timers/promises'
import { guarded, sweep } from './shared-stack.ts'

/** Ends the shared stack and left-over services within seconds after their last user has gone, whatever way it went. */
const ignore = (): void => {}
while (await guarded(async () => await sweep(ignore))) await sleep(1000)
