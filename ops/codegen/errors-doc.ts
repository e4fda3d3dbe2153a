import { type ApiErrorCode, apiErrors, problemCode, problemType } from '../../api/errors.ts'
import { sinkErrors } from '../../sinks/errors.ts'
import { streamErrors } from '../../streams/errors.ts'
import { opsErrors } from '../errors.ts'

/** The text of docs/errors.md: every error code, out of the tables that throw them. */
export function errorsDoc (): string {
  const runtime = Object.entries(streamErrors).map(([code, { disposition, message }]) => `| \`${code}\` | ${disposition} | ${cell(message)} |`)
  const ops = Object.entries(opsErrors).map(([code, { what, why, how }]) => `| \`${code}\` | ${cell(what)} | ${cell(why)} | ${cell(how)} |`)
  const api = Object.entries(apiErrors).map(([code, { status, title }]) => `| \`${problemCode(code as ApiErrorCode)}\` | ${status} | ${cell(title)} | \`${problemType(code as ApiErrorCode)}\` |`)
  const sinks = Object.entries(sinkErrors).map(([code, message]) => `| \`${code}\` | ${cell(message)} |`)
  return `# Error codes

<!-- Generated from the tables in streams/, sinks/, api/ and ops/errors.ts by \`npm run generate\`: edit the tables there. -->

Match on \`code\`, never on a message. Words in braces are filled in where the error happens.

## Running the platform (\`OPS_…\`)

Printed as one line; the command ends with exit code 1.

| code | what | why | what to do |
| --- | --- | --- | --- |
${ops.join('\n')}

## API

The \`code\` and \`type\` of a problem (RFC 9457).

| code | status | meaning | type |
| --- | --- | --- | --- |
${api.join('\n')}

## Runtime (\`STR_…\`)

The disposition says what the runtime does next: \`retry\` the call, \`dead-letter\` the record, \`end-epoch\` (throw the producer away and acquire
the task again), \`close-task\` (a newer owner has it), \`restore-state\` (rebuild the store from its changelog), or stop (\`fatal\`).

| code | disposition | meaning |
| --- | --- | --- |
${runtime.join('\n')}

## Sinks (\`SNK_…\`)

| code | meaning |
| --- | --- |
${sinks.join('\n')}
`
}

function cell (text: string): string {
  return text.replaceAll('|', '\\|')
}
