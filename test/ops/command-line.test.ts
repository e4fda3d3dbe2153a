import { test } from 'tap'
import { fail, lineOf, readOptions } from '../../ops/command-line.ts'
import { OpsError } from '../../ops/errors.ts'
import { StreamsError } from '../../streams/errors.ts'

const options = { seconds: { type: 'string' }, keep: { type: 'boolean', short: 'k' } } as const

test('options are read, and one that there is not is told beside all that there are', async t => {
  t.same({ ...readOptions({ args: ['--seconds', '3', '-k'], options }).values }, { seconds: '3', keep: true })
  for (const [args, problem] of [
    [['--sconds', '3'], /Unknown option '--sconds'; there are --seconds, --keep \(/],
    [['--seconds'], /Option '--seconds <value>' argument missing; there are/],
    [['--seconds', '-3'], /Option '--seconds' argument is ambiguous; there are/],
    [['orders'], /Unexpected argument 'orders'; there are/]
  ] as const) t.throws(() => readOptions({ args: [...args], options }), { code: 'OPS_OPTION_INVALID', message: problem }, args.join(' '))
})

test('who cannot reach the log is told what to start, and other errors say what they say', async t => {
  t.match(lineOf(new StreamsError('STR_BROKER_UNAVAILABLE', { brokers: '127.0.0.1:1' })), /^the log cannot be reached: .*127\.0\.0\.1:1.*npm start/)
  t.equal(lineOf(new Error('no')), 'no')
  t.match(lineOf(new OpsError('OPS_INTERRUPTED')), /^interrupted/)
})

test('an error of a command is one line on the error output, and the code of its end', async t => {
  const before = process.exitCode
  const written = t.capture(process.stderr, 'write', () => true)
  fail(new Error('it is so'), { code: 2, before: 'nothing is known: ' })
  t.same(written().map(({ args }) => args[0]), ['nothing is known: it is so\n'])
  t.equal(process.exitCode, 2)
  process.exitCode = before
})
