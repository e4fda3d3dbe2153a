import { OpsError } from '../errors.ts'

/** Why the log is left as it is. */
export function refused (problem: string): OpsError {
  return new OpsError('OPS_REPARTITION_REFUSED', { problem })
}

/** Why the copy is not used. */
export function unproven (topic: string, partition: number, problem: string): OpsError {
  return new OpsError('OPS_REPARTITION_UNPROVEN', { topic, partition, problem })
}
