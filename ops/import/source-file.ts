import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { OpsError } from '../errors.ts'

/** A file on the disk that can be opened and holds something. */
export interface SourceFile {
  /** As the user named it. */
  readonly path: string
  readonly name: string
  readonly sizeBytes: number
  readonly modifiedMs: number
  /** By its first bytes, whatever its name says. */
  readonly isGzip: boolean
}

/** One reading of a file from start to end. */
export interface Reading {
  /** Its text as bytes: unpacked, without byte order mark. Can be iterated once. */
  readonly chunks: AsyncIterable<Buffer>
  /** Bytes of the file read so far. */
  readonly readBytes: number
  /** SHA-256 in hex of the bytes of the file, as it lies on the disk; only once `chunks` has come to its end. */
  sha256 (): string
}

const chunkBytes = 64 * 1024
/** So much of the text is looked at before anything of it is used. */
const headBytes = 4096
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Looks at a file before it is read.
 *
 * @throws {OpsError} OPS_IMPORT_FILE_UNREADABLE when there is no such file, it is none, or it may not be read; OPS_IMPORT_NOTHING when it is empty.
 */
export async function inspectFile (path: string): Promise<SourceFile> {
  try {
    const found = await stat(path)
    if (found.isDirectory()) throw new OpsError('OPS_IMPORT_FILE_UNREADABLE', { file: path, problem: 'it is a folder' })
    if (!found.isFile()) throw new OpsError('OPS_IMPORT_FILE_UNREADABLE', { file: path, problem: 'it is a pipe or a device, which cannot be read twice' })
    if (found.size === 0) throw new OpsError('OPS_IMPORT_NOTHING', { file: path, problem: 'it is empty' })
    const magic = Buffer.alloc(2)
    await using handle = await open(path)
    await handle.read(magic, 0, magic.length, 0)
    return { path, name: basename(path), sizeBytes: found.size, modifiedMs: found.mtimeMs, isGzip: magic[0] === 0x1f && magic[1] === 0x8b }
  } catch (error) {
    throw translate(error, path)
  }
}

/**
 * Reads a file in chunks, in constant memory. Iterating throws OpsError: OPS_IMPORT_GZIP_BROKEN, OPS_IMPORT_NOT_CSV for what is no text,
 * OPS_IMPORT_NOTHING when nothing comes out, OPS_IMPORT_FILE_UNREADABLE.
 */
export function readFileChunks (file: SourceFile): Reading {
  const hash = createHash('sha256')
  let readBytes = 0
  const counted = async function * (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      hash.update(chunk)
      readBytes += chunk.length
      yield chunk
    }
  }
  const bytes = async function * (): AsyncGenerator<Buffer> {
    const source = createReadStream(file.path, { highWaterMark: chunkBytes })
    try {
      if (file.isGzip) yield * pipeline(source, counted, createGunzip({ chunkSize: chunkBytes }), () => {})
      else yield * counted(source)
    } catch (error) {
      throw translate(error, file.path)
    } finally {
      source.destroy()
    }
  }
  return {
    chunks: checkText(bytes(), file.path),
    get readBytes () { return readBytes },
    sha256: () => hash.digest('hex')
  }
}

/** Passes text on, without byte order mark, once its beginning shows that it is text. */
async function * checkText (source: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0)
  for await (const chunk of source) {
    if (head === undefined) yield chunk
    else {
      head = Buffer.concat([head, chunk])
      if (head.length < headBytes) continue
      yield textOf(head, path)
      head = undefined
    }
  }
  if (head !== undefined) yield textOf(head, path)
}

function textOf (head: Buffer, path: string): Buffer {
  const text = head.subarray(0, 3).equals(byteOrderMark) ? head.subarray(3) : head
  if (text.length === 0) throw new OpsError('OPS_IMPORT_NOTHING', { file: path, problem: 'it is empty' })
  const problem = notText(text.subarray(0, headBytes))
  if (problem !== undefined) throw new OpsError('OPS_IMPORT_NOT_CSV', { file: path, problem })
  return text
}

/** Why these first bytes are no text in UTF-8 or a relative of it; undefined when they may be. */
function notText (head: Buffer): string | undefined {
  const magic = head.toString('latin1', 0, 4)
  if (magic.startsWith('PK\u0003\u0004')) return 'it is a ZIP archive or an Excel workbook'
  if (magic.startsWith('\u00ff\u00fe') || magic.startsWith('\u00fe\u00ff')) return 'it is text in UTF-16'
  return head.some(isControl) ? 'it holds bytes that no text has' : undefined
}

/** Bytes below the space but tab, line feed, form feed, carriage return. */
function isControl (byte: number): boolean {
  return byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d
}

/** What zlib says when a stream ends before it should. */
const cutOff = 'Z_BUF_ERROR'

function translate (error: unknown, path: string): unknown {
  if (error instanceof OpsError || !(error instanceof Error)) return error
  const { code } = error as NodeJS.ErrnoException
  if (code?.startsWith('Z_') === true) {
    return new OpsError('OPS_IMPORT_GZIP_BROKEN', { file: path, problem: code === cutOff ? 'its end is missing' : `its bytes are damaged (${error.message})` }, error)
  }
  const problem = code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'this user may not read it' : error.message
  return new OpsError('OPS_IMPORT_FILE_UNREADABLE', { file: path, problem }, error)
}
