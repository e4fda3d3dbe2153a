import { Command } from 'ioredis'
import fc from 'fast-check'
import { test } from 'tap'
import { encodeCommand } from '../../../streams/state/redis/encode.ts'

test('a command is encoded as ioredis encodes it, whatever its text and bytes', async t => {
  const argument = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.uint8Array().map(bytes => Buffer.from(bytes)))
  fc.assert(fc.property(fc.constantFrom('hmget', 'evalsha', 'HGETALL'), fc.array(argument), (name, args) => {
    const expected = Buffer.from(new Command(name, args).toWritable({}))
    return encodeCommand(name, args).equals(expected)
  }))
  t.pass('for every command that was tried')
})

test('a command without arguments is encoded as its name alone', async t => {
  t.equal(encodeCommand('ping', []).toString(), '*1\r\n$4\r\nping\r\n')
})

test('text beyond ASCII is encoded with its length in bytes', async t => {
  t.equal(encodeCommand('get', ['é', Buffer.of(255)]).toString('latin1'), '*3\r\n$3\r\nget\r\n$2\r\n\xc3\xa9\r\n$1\r\n\xff\r\n')
})
