import { createSinkTask } from '../sink/task.ts'
import { createProcessorTask } from './task.ts'
import { type TaskContext, type TaskRunner } from './runner.ts'

/** Makes the task that a node of this kind runs as. */
export function createTask (context: TaskContext): TaskRunner {
  const { node } = context
  return node.kind === 'processor' ? createProcessorTask({ ...context, node }) : createSinkTask({ ...context, node })
}
