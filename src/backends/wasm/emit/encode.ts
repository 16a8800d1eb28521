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

/** Items after their number. */
export const list = (items: readonly Bytes[]): number[] => [...unsigned(items.length), ...items.flat()]

/** A code of `opcodes.ts`: one byte, or a prefix and a number. */
export const opcode = (code: number): number[] =>
  code < 0x100 ? [code] : [Math.floor(code / 0x1000), ...unsigned(code % 0x1000)]
