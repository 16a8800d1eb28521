/**
 * Weights as a safetensors file: eight bytes with the length of a JSON header, the header, the elements. Any tool that
 * reads the format (https://github.com/huggingface/safetensors) can open it.
 */
import type { Tensor } from 'chainrule'

export function toSafetensors(state: Readonly<Record<string, Tensor>>): Uint8Array {
  const header: Record<string, unknown> = {}
  const parts: Uint8Array[] = []
  let end = 0
  for (const [name, tensor] of Object.entries(state)) {
    const { buffer, byteLength } = Float32Array.from(tensor.data)
    header[name] = { dtype: 'F32', shape: tensor.shape, data_offsets: [end, end + byteLength] }
    parts.push(new Uint8Array(buffer))
    end += byteLength
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  // The format wants the elements to start at a multiple of eight; spaces may fill the header.
  const padded = Math.ceil(json.length / 8) * 8
  const file = new Uint8Array(8 + padded + end).fill(32, 8, 8 + padded)
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true)
  file.set(json, 8)
  let at = 8 + padded
  for (const part of parts) {
    file.set(part, at)
    at += part.length
  }
  return file
}
