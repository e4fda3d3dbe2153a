import { readFileSync } from 'node:fs'

/** What docs/stack.md says that the user of an application has to be allowed in Redis, as arguments of ACL SETUSER. */
export function documentedRights (application: string): string[] {
  const line = /^ACL SETUSER commerce on >PASSWORD (.+)$/m.exec(readFileSync('docs/stack.md', 'utf8'))?.[1]
  if (line === undefined) throw new Error('docs/stack.md does not tell the rights of the user')
  return line.replace('~{commerce:*', `~{${application}:*`).split(' ')
}
