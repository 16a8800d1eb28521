/** Numbers as WebAssembly binaries hold them: LEB128 integers, little-endian floats, vectors with their length. */

export type Bytes = readonly number[]

export function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  do {
    const low = rest % 128
    rest = Math.floor(rest / 128)
    bytes.push(rest > 0 ? low + 128 : low)
  } while (rest > 0)
  return bytes
}

/** A number of 32 bits. */
export function signed32(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest < -64 || rest > 63) {
    bytes.push((rest & 127) + 128)
    rest >>= 7
  }
  bytes.push(rest & 127)
  return bytes
}

export function signed(value: bigint): number[] {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const low = Number(rest & 127n)
    rest >>= 7n
    const done = low & 64 ? rest === -1n : rest === 0n
    bytes.push(done ? low : low + 128)
    if (done) return bytes
  }
}

export const float32 = (value: number): number[] => [...new Uint8Array(new Float32Array([value]).buffer)]
export const float64 = (value: number): number[] => [...new Uint8Array(new Float64Array([value]).buffer)]

export const name = (text: string): number[] => sized([...new TextEncoder().encode(text)])

/** Bytes after their number. */
export const sized = (bytes: Bytes): number[] => [...unsigned(bytes.length), ...bytes]

/** Bytes that grow. */
export class Writer {
  private held = new Uint8Array(256)
  private count = 0

  get length(): number {
    return this.count
  }

  /** What has been written so far; good until more is. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.held.subarray(0, this.count)
  }

  byte(value: number): void {
    this.room(1)
    this.held[this.count++] = value
  }

  all(bytes: ArrayLike<number>): void {
    this.room(bytes.length)
    this.held.set(bytes, this.count)
    this.count += bytes.length
  }

  unsigned(value: number): void {
    let rest = value
    while (rest > 127) {
      this.byte((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    this.byte(rest)
  }

  /** A number below 2³⁵ in five bytes, so that another one can take its place. */
  padded(value: number): void {
    let rest = value
    for (let i = 0; i < 4; i++) {
      this.byte((rest % 128) + 128)
      rest = Math.floor(rest / 128)
    }
    this.byte(rest)
  }

  /** A code of `opcodes.ts`: one byte, or a prefix and a number. */
  opcode(code: number): void {
    if (code < 0x100) this.byte(code)
    else {
      this.byte(Math.floor(code / 0x1000))
      this.unsigned(code % 0x1000)
    }
  }

  private room(more: number): void {
    if (this.count + more <= this.held.length) return
    const larger = new Uint8Array(Math.max(2 * this.held.length, this.count + more))
    larger.set(this.bytes)
    this.held = larger
  }
}

/** Items after their number. */
export function list(items: readonly Bytes[]): number[] {
  const out = unsigned(items.length)
  // Not `flat`, which is much slower.
  for (const item of items) for (const byte of item) out.push(byte)
  return out
}
