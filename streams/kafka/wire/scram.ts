import { type WireRequest } from './request.ts'

/** Mechanisms with their numbers on the wire. */
export const scramMechanisms = { 'scram-sha-256': 1, 'scram-sha-512': 2 } as const
export type ScramMechanism = keyof typeof scramMechanisms

/** What a broker keeps of a password: enough to check one, not to know it. */
export interface ScramCredential {
  readonly user: string
  readonly mechanism: ScramMechanism
  readonly iterations: number
  readonly salt: Buffer
  readonly saltedPassword: Buffer
}

/**
 * AlterUserScramCredentials v0: sets passwords of users; has no version that is not flexible.
 *
 * @source Kafka protocol guide; KIP-554
 */
export function setScramCredentialsRequest (credentials: readonly ScramCredential[]):
WireRequest<ReadonlyArray<{ readonly user: string, readonly errorCode: number, readonly message: string }>> {
  return {
    api: { name: 'AlterUserScramCredentials', key: 51, version: 0, flexible: true },
    sizeHint: 256,
    write: out => {
      out.compactArray([], () => {})
      out.compactArray(credentials, (_, { user, mechanism, iterations, salt, saltedPassword }) => {
        out.compactString(user).int8(scramMechanisms[mechanism]).int32(iterations).compactBytes(salt).compactBytes(saltedPassword).tags()
      })
      out.tags()
    },
    read: input => {
      input.int32()
      return input.compactArray(() => {
        const answer = { user: input.compactString(), errorCode: input.int16(), message: input.compactString() }
        input.tags()
        return answer
      })
    }
  }
}
