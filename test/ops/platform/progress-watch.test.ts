import { test } from 'tap'
import { ProgressWatch, type WatchedTask } from '../../../ops/platform/progress-watch.ts'

const limitMs = 1_000
const task = (change: Partial<WatchedTask> = {}): WatchedTask => ({ id: 'orders-3', state: 'running', lag: 7n, openEffects: 0, offsets: new Map([['orders.commands', 5n]]), ...change })

/** What the watch says of a task that looks like this at 0 and at the limit. */
function after (first: WatchedTask, then: WatchedTask): readonly string[] {
  const watch = new ProgressWatch(limitMs)
  watch.look([first], 0)
  return watch.look([then], limitMs)
}

test('a task stands still when something waits for it and nothing is committed for the limit', async t => {
  t.same(after(task(), task()), ['orders-3'])
  const watch = new ProgressWatch(limitMs)
  watch.look([task()], 0)
  t.same(watch.look([task()], limitMs - 1), [], 'not before')
})

test('a task does not stand still when it moves, has nothing to do, calls the outside, or is not running', async t => {
  t.same(after(task(), task({ offsets: new Map([['orders.commands', 6n]]) })), [])
  t.same(after(task(), task({ lag: 0n })), [])
  t.same(after(task(), task({ openEffects: 1 })), [])
  t.same(after(task(), task({ state: 'acquiring' })), [])
})

test('the time begins anew when the task was seen without work, or gone, in between', async t => {
  for (const between of [[task({ lag: 0n })], []]) {
    const watch = new ProgressWatch(limitMs)
    watch.look([task()], 0)
    watch.look(between, limitMs / 2)
    t.same(watch.look([task()], limitMs), [])
    t.same(watch.look([task()], 2 * limitMs), ['orders-3'])
  }
})
