/** A place in a command topic that a reader can wait for. */
export interface LogPosition {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

/** What a token looks like. Whether it is one of the resource shows when it is read. */
export const positionPattern = '^[A-Za-z0-9_-]{1,400}$'

/** Writes a position as an opaque token, safe in URLs. */
export function positionToken (position: LogPosition): string {
  return Buffer.from(`${position.topic} ${position.partition} ${position.offset}`).toString('base64url')
}

/** Reads a token; undefined when it is none. The caller checks that topic and partition are those of the resource. */
export function parsePosition (token: string): LogPosition | undefined {
  const match = /^([\w.-]{1,249}) (\d{1,5}) (\d{1,18})$/.exec(Buffer.from(token, 'base64url').toString())
  if (match === null) return undefined
  return { topic: match[1] as string, partition: Number(match[2]), offset: BigInt(match[3] as string) }
}
