import { styleText } from 'node:util'
import { table } from './stack/table.ts'
import { type Outcome, checks, runner } from './verify-ops/checks.ts'
import { openToolbox } from './verify-ops/install.ts'
import { toolNames, tools } from './verify-ops/tools.ts'

/**
 * `npm run verify:ops`: checks what operators are given (manifests, charts, policies, workflows, alert rules, the history) with the tools of
 * their trade, which are built first where they are not there. Ends with 0 when every check was made and none found anything.
 */
async function main (): Promise<number> {
  const print = (line: string): void => { process.stdout.write(`${line}\n`) }
  const { programs, missing } = await openToolbox(toolNames, print)
  for (const [name, problem] of missing) print(`${name}, which checks ${tools[name].checks}, is missing: ${problem}`)
  const run = runner(programs)
  const rows: string[][] = [['check', 'result', '']]
  const problems: string[] = []
  for (const { name, needs, check } of checks) {
    const lacking = needs.filter(tool => missing.has(tool))
    const outcome: Outcome = lacking.length === 0 ? await check(run) : { ok: false, problem: `not made: ${lacking.join(', ')} missing` }
    rows.push([name, outcome.ok ? 'ok' : 'FAILED', outcome.ok ? outcome.detail : outcome.problem.split('\n', 1)[0] ?? ''])
    if (!outcome.ok) problems.push(`${styleText('red', name)}\n${outcome.problem}`)
    print(`${outcome.ok ? 'ok     ' : 'FAILED '} ${name}`)
  }
  print(`\n${table(rows)}`)
  if (problems.length > 0) print(problems.join('\n\n'))
  print(`${rows.length - 1 - problems.length} passed, ${problems.length} failed`)
  return problems.length === 0 ? 0 : 1
}

process.exit(await main())
