import { type QueryAnswer, type StateQuery, type StateQueryOptions, type WantedRows, createStateQuery } from '../../streams/state/query.ts'
import { createGatherer } from './gather.ts'

interface Task { readonly processor: string, readonly partition: number }
type Answer = QueryAnswer<readonly unknown[]>

/**
 * Reads stores of running processors as `StateQuery.get` does, and those of one task that are asked for in the same turn of the event loop in one
 * request. Its answer is of one moment after all of them were asked for. A row that cannot be read spoils the answer of nobody else.
 */
export function createGatheredQuery (options: StateQueryOptions): Pick<StateQuery, 'get'> {
  const query = createStateQuery(options)
  const tasks = new Map<string, Task>()

  const gathered = createGatherer<Task, WantedRows, Answer>(async ({ processor, partition }, questions) => {
    try {
      const answer: Answer = await query.get(processor, partition, questions.flat())
      if (answer.status !== 'ready') return questions.map(() => answer)
      let end = 0
      return questions.map(({ length }) => {
        end += length
        return { ...answer, values: answer.values.slice(end - length, end) }
      })
    } catch (error) {
      if (questions.length === 1) throw error
      return questions.map(async wanted => await query.get(processor, partition, wanted))
    }
  })

  function taskOf (processor: string, partition: number): Task {
    const name = `${processor}/${partition}`
    const known = tasks.get(name)
    if (known !== undefined) return known
    const task = { processor, partition }
    tasks.set(name, task)
    return task
  }

  return {
    get: async (processor, partition, wanted, wait) => wait === undefined
      ? await gathered(taskOf(processor, partition), wanted) as never
      : await query.get(processor, partition, wanted, wait)
  }
}
