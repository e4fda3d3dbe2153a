import { test } from 'tap'
import { OpsError, opsErrors } from '../../ops/errors.ts'
import { errorsDoc } from '../../ops/codegen/errors-doc.ts'
import { streamErrors } from '../../streams/errors.ts'

test('an error says what, why and how in one line when it is made', async t => {
  const error = new OpsError('OPS_PORT_IN_USE', { port: 9092, service: 'kafka', holder: 'java (pid 7)', setting: 'COMMERCE_KAFKA_PORT' })
  t.equal(error.message, 'port 9092 for kafka is in use by java (pid 7) (kafka listens on it). Stop that process, or set COMMERCE_KAFKA_PORT to a free port.')
  t.equal(error.code, 'OPS_PORT_IN_USE')
  t.notMatch(error.message, /\n/)
})

test('an error keeps what caused it when there is something', async t => {
  const cause = new Error('below')
  t.equal(new OpsError('OPS_CONFIG_INVALID', { problem: 'x' }, cause).cause, cause)
  t.notOk('cause' in new OpsError('OPS_CHDB_MISSING'))
})

test('every code stands in the document of the errors, and has all three parts', async t => {
  const document = errorsDoc()
  for (const [code, entry] of Object.entries(opsErrors)) {
    t.match(code, /^OPS_[A-Z_]+$/)
    t.ok(document.includes(`\`${code}\``), `${code} is documented`)
    t.ok([entry.what, entry.why, entry.how].every(text => text.length > 5 && !text.endsWith('.')), `${code} has three parts`)
  }
  for (const code of Object.keys(streamErrors)) t.ok(document.includes(`\`${code}\``), `${code} is documented`)
})
