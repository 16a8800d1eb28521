/**
 * The IDX format of the MNIST files (http://yann.lecun.com/exdb/mnist): two zero bytes, a type, a rank, the sizes as
 * big-endian 32-bit words, then the elements, last axis fastest. Only unsigned bytes are read, of rank 1 to 4, and
 * a file that is not exactly what its header announces is refused before anything is taken from it.
 */
import { FormatError } from '../errors/index.ts'

const UNSIGNED_BYTE = 0x08
const OTHER_TYPES = new Map([
  [0x09, 'signed byte'],
  [0x0b, '16-bit integer'],
  [0x0c, '32-bit integer'],
  [0x0d, 'float'],
  [0x0e, 'double'],
])

/** An IDX file as read: the sizes of its axes and its elements. */
export interface Idx {
  readonly shape: number[]
  /** A view of the bytes that were parsed, not a copy. */
  readonly data: Uint8Array
}

/** What `parseIdx` is told about a file: its name, for messages, and the rank that it must have (any by default). */
export interface IdxOptions {
  readonly name: string
  readonly rank?: number
}

/**
 * Reads an IDX file of unsigned bytes.
 *
 * ```ts
 * const bytes = Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9)
 * parseIdx(bytes, { name: 'tiny', rank: 2 }) // { shape: [1, 2], data: Uint8Array [7, 9] }
 * ```
 *
 * @throws {FormatError} naming the file, what was expected and what was found.
 */
export function parseIdx(bytes: Uint8Array, { name, rank }: IdxOptions): Idx {
  const fail = (problem: string): never => {
    throw new FormatError(`${name}: ${problem}`)
  }
  const found = checkMagic(bytes, fail)
  if (rank !== undefined && found !== rank) fail(`expected an IDX file of rank ${rank}, found rank ${found}`)
  const header = 4 + 4 * found
  if (bytes.length < header) {
    fail(`truncated: expected a header of ${header} bytes for rank ${found}, found ${bytes.length} bytes`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shape = Array.from({ length: found }, (_, axis) => view.getUint32(4 + 4 * axis))
  const size = shape.reduce((product, length) => product * length, 1)
  const shown = `[${shape.join(', ')}]`
  if (!Number.isSafeInteger(size)) fail(`the header announces the shape ${shown}, more elements than any file can hold`)
  const rest = bytes.length - header
  if (rest < size) fail(`truncated: expected ${size} bytes of data for the shape ${shown}, found ${rest}`)
  if (rest > size) fail(`expected ${size} bytes of data for the shape ${shown}, found ${rest - size} more after them`)
  return { shape, data: bytes.subarray(header) }
}

/** Checks the first four bytes and returns the rank; says what else the file may be. */
function checkMagic(bytes: Uint8Array, fail: (problem: string) => never): number {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) fail('expected an IDX file, found a gzip-compressed one: gunzip it first')
  if (bytes.length < 4) fail(`truncated: expected the 4 bytes that open an IDX file, found ${bytes.length} bytes`)
  const [zero0, zero1, type, rank] = bytes
  if (zero0 !== 0 || zero1 !== 0 || (type !== UNSIGNED_BYTE && !OTHER_TYPES.has(type))) {
    const opening = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ')
    fail(`not an IDX file: expected it to open with 00 00 08 and its rank, found ${opening}`)
  }
  if (type !== UNSIGNED_BYTE) fail(`expected elements of type unsigned byte (08), found ${OTHER_TYPES.get(type)}`)
  if (rank < 1 || rank > 4) fail(`expected a rank from 1 to 4, found ${rank}`)
  return rank
}
