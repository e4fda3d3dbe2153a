'use strict'
// Part of the prototype hop: some of kafkajs 2.2.4's internal modules replaced before it loads (same wire bytes, a fraction of the work).
// Require this file first, then kafkajs. Not complete: no checks, offsets past 2^53 are not handled.
const { crc32c } = require('@node-rs/crc32')

function replace (modulePath, exports) {
  const id = require.resolve(`kafkajs/src/${modulePath}`)
  require.cache[id] = { id, filename: id, loaded: true, exports }
}

const zigZag = v => ((v << 1) ^ (v >> 31)) >>> 0
const varIntSize = v => { let size = 1; v = zigZag(v); while ((v >>>= 7) !== 0) size++; return size }
const writeVarInt = (buffer, at, v) => { v = zigZag(v); while (v > 127) { buffer[at++] = (v & 127) | 128; v >>>= 7 } buffer[at++] = v; return at }
const asBuffer = v => v == null ? null : Buffer.isBuffer(v) ? v : Buffer.from(String(v))
const fieldSize = b => b === null ? 1 : varIntSize(b.length) + b.length
const writeField = (buffer, at, b) => {
  if (b === null) return writeVarInt(buffer, at, -1)
  at = writeVarInt(buffer, at, b.length)
  buffer.set(b, at)
  return at + b.length
}

replace('protocol/recordBatch/crc32C/index.js', buffer => crc32c(buffer))

replace('producer/groupMessagesPerPartition.js', ({ topic, partitionMetadata, messages, partitioner }) => {
  const groups = {}
  if (partitionMetadata.length === 0) return groups
  for (const message of messages) (groups[message.partition ?? partitioner({ topic, partitionMetadata, message })] ??= []).push(message)
  return groups
})

// One exact-size buffer a record instead of an encoder and a small buffer for every field.
const Encoder = require('kafkajs/src/protocol/encoder')
replace('protocol/recordBatch/record/v0/index.js', ({ offsetDelta = 0, timestampDelta = 0, key, value, headers = {} }) => {
  const k = asBuffer(key)
  const v = asBuffer(value)
  const fields = []
  for (const [name, values] of Object.entries(headers)) {
    for (const one of Array.isArray(values) ? values : [values]) fields.push(Buffer.from(name), asBuffer(one))
  }
  let size = 1 + varIntSize(timestampDelta) + varIntSize(offsetDelta) + fieldSize(k) + fieldSize(v) + varIntSize(fields.length / 2)
  for (const field of fields) size += fieldSize(field)
  const encoder = new Encoder(varIntSize(size) + size)
  const buffer = encoder.buf
  let at = writeVarInt(buffer, 0, size)
  buffer[at++] = 0
  at = writeVarInt(buffer, at, timestampDelta)
  at = writeVarInt(buffer, at, offsetDelta)
  at = writeField(buffer, at, k)
  at = writeField(buffer, at, v)
  at = writeVarInt(buffer, at, fields.length / 2)
  for (const field of fields) at = writeField(buffer, at, field)
  encoder.offset = at
  return encoder
})

replace('protocol/recordBatch/record/v0/decoder.js', (decoder, batchContext = {}) => {
  const b = decoder.buffer
  let at = 0
  const varInt = () => {
    let shift = 0
    let raw = 0
    let byte
    do { byte = b[at++]; raw |= (byte & 127) << shift; shift += 7 } while (byte > 127)
    return (raw >>> 1) ^ -(raw & 1)
  }
  const varLong = () => {
    let scale = 1
    let raw = 0
    let byte
    do { byte = b[at++]; raw += (byte & 127) * scale; scale *= 128 } while (byte > 127)
    return raw % 2 ? -(raw + 1) / 2 : raw / 2
  }
  const bytes = () => {
    const length = varInt()
    if (length < 0) return null
    const view = b.subarray(at, at + length)
    at += length
    return view
  }
  const attributes = b[at++]
  const timestamp = String(Number(batchContext.firstTimestamp) + varLong())
  const offset = String(Number(batchContext.firstOffset) + varInt())
  const key = bytes()
  const value = bytes()
  const headers = {}
  for (let n = varInt(); n > 0; n--) {
    const name = bytes().toString()
    const one = bytes()
    headers[name] = name in headers ? [].concat(headers[name], [one]) : one
  }
  const isControlRecord = Boolean(batchContext.isControlBatch)
  return { magicByte: batchContext.magicByte, attributes, timestamp, offset, key, value, headers, isControlRecord, batchContext }
})
