import { RedpandaContainer } from '@testcontainers/redpanda'
import { type Test } from 'tap'
import { getContainerRuntimeClient } from 'testcontainers'
import { ensureError } from '../../streams/errors.ts'
import { versions } from '../../ops/stack/versions.ts'

/** A broker with its registry in a container that ends with the test. */
export interface Redpanda { readonly brokers: readonly string[], readonly registryUrl: string }

/**
 * Redpanda for one test, in a container. Where no container runtime answers, the test is skipped with the reason and the answer is
 * undefined.
 */
export async function useRedpanda (t: Test): Promise<Redpanda | undefined> {
  try {
    await getContainerRuntimeClient()
  } catch (error) {
    t.plan(0, `no container runtime for Redpanda: ${ensureError(error).message}`)
    return undefined
  }
  const container = await new RedpandaContainer(`docker.redpanda.com/redpandadata/redpanda:${versions.redpanda}`).start()
  t.teardown(async () => { await container.stop() })
  return { brokers: [container.getBootstrapServers()], registryUrl: container.getSchemaRegistryAddress() }
}
