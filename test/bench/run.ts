import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { machineFacts } from './machine.ts'

/**
 * `npm run bench -- NAME [--json FILE] [options of the benchmark]`
 *
 * A benchmark is `NAME.bench.ts` beside this file: a program of its own that tells people what it does on stderr and ends with one
 * line of JSON on stdout. `--json` keeps that result, with the machine and the load it was measured under.
 */
const SUFFIX = '.bench.ts'

const names = readdirSync(import.meta.dirname).filter(file => file.endsWith(SUFFIX)).map(file => file.slice(0, -SUFFIX.length))
const { name, file, options } = parse(process.argv.slice(2))
if (name === undefined || !existsSync(join(import.meta.dirname, name + SUFFIX))) {
  process.stderr.write(`usage: npm run bench -- NAME [--json FILE] [options]\nbenchmarks: ${names.join(', ')}\n`)
  process.exit(2)
}

const before = machineFacts()
const child = spawn(process.execPath, [join(import.meta.dirname, name + SUFFIX), ...options], { stdio: ['ignore', 'pipe', 'inherit'] })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => { child.kill(signal) })
let output = ''
child.stdout.on('data', (chunk: Buffer) => {
  output += chunk.toString()
  process.stdout.write(chunk)
})
const [code] = await once(child, 'close') as [number | null]
if (code === 0 && file !== undefined) {
  const result: unknown = JSON.parse(output.trim().split('\n').at(-1) ?? '')
  writeFileSync(file, JSON.stringify({ benchmark: name, command: `npm run bench -- ${[name, ...options].join(' ')}`, before, after: machineFacts(), result }, null, 2) + '\n')
}
process.exitCode = code ?? 1

function parse (args: readonly string[]): { readonly name: string | undefined, readonly file: string | undefined, readonly options: readonly string[] } {
  const [name, ...rest] = args
  const at = rest.indexOf('--json')
  return at < 0 ? { name, file: undefined, options: rest } : { name, file: rest[at + 1], options: rest.toSpliced(at, 2) }
}
