import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readSources } from './import-graph.ts'
import { linePercent, parseLcov, withUnloaded } from './lcov.ts'
import { table } from '../stack/table.ts'

/**
 * `npm run coverage`: runs the tiers apart, each with V8 coverage, into coverage/<tier>/lcov.info and coverage/<tier>/index.html.
 * A source file that no test loads counts as uncovered. Exit code 1 when a test fails or the unit tier covers less than the gate.
 */
const root = resolve(import.meta.dirname, '../..')
const gatePercent = 80
const tiers: Readonly<Record<string, readonly string[]>> = {
  unit: ['--exclude=test/@(integration|e2e|fault)/**'],
  integration: ['--include=test/@(integration|e2e|fault)/**/*.test.ts']
}
const reports = [
  '--no-disable-coverage', '--no-browser', '--coverage-report=lcovonly', '--coverage-report=html', '--coverage-report=text-summary',
  // The gate is ours: tap knows only the files that were loaded.
  '--statements=0', '--branches=0', '--functions=0', '--lines=0'
]

function cover (tier: string): { readonly percent: number, readonly passed: boolean } {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules/tap/dist/esm/run.mjs'), ...reports, ...tiers[tier] ?? []], { cwd: root, stdio: 'inherit' })
  const report = join(root, '.tap/report')
  const target = join(root, 'coverage', tier)
  rmSync(target, { recursive: true, force: true })
  if (existsSync(report)) cpSync(report, target, { recursive: true })
  const lcov = join(target, 'lcov.info')
  const sources = readSources(root, ['streams', 'topology', 'sinks', 'api', 'ops'], {})
  const files = withUnloaded(existsSync(lcov) ? parseLcov(readFileSync(lcov, 'utf8')).filter(({ path }) => !path.startsWith('schemas/generated/')) : [], sources)
  const least = [...files].filter(file => file.covered < file.lines).sort((a, b) => (b.lines - b.covered) - (a.lines - a.covered)).slice(0, 15)
  process.stdout.write(`\n${tier}: the files with most uncovered lines\n`)
  process.stdout.write(table([['file', 'uncovered', 'of'], ...least.map(({ path, covered, lines }) => [path, String(lines - covered), String(lines)])]))
  return { percent: linePercent(files), passed: status === 0 }
}

const { positionals } = parseArgs({ allowPositionals: true })
const asked = positionals.length === 0 ? Object.keys(tiers) : positionals
const results = asked.map(tier => ({ tier, ...cover(tier) }))
process.stdout.write('\n')
for (const { tier, percent, passed } of results) {
  process.stdout.write(`${tier}: ${percent.toFixed(1)} % of lines${passed ? '' : ', with failing tests'}; report in coverage/${tier}/index.html\n`)
}
const unit = results.find(({ tier }) => tier === 'unit')
const belowGate = unit !== undefined && unit.percent < gatePercent
if (belowGate) process.stderr.write(`the unit tier must cover ${gatePercent} % of lines\n`)
process.exitCode = belowGate || results.some(({ passed }) => !passed) ? 1 : 0
