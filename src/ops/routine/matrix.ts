/** What linear algebra shares: matrices are the last two dimensions, all before them count through a batch. */
import { ArgumentError, ShapeError } from '../../errors/index.ts'
import { allocate, requireFloating } from '../dtype.ts'
import { contraction } from '../kinds/contract.ts'
import { shapeText, sizeOf } from '../shape.ts'
import type { Dense, Operand, Shape, Spec, Value } from '../value.ts'
import { permute } from '../view/permute.ts'

/** The operand, if it holds square matrices of floating point numbers. */
export function requireSquare(name: string, x: Operand): Value {
  const { shape, dtype } = x as Value
  if (shape.length < 2 || shape.at(-1) !== shape.at(-2)) {
    throw new ShapeError(`${name}: takes square matrices [..., n, n], got ${shapeText(shape)}`)
  }
  requireFloating(name, dtype)
  return x as Value
}

export const sameSpec = ({ shape, dtype }: Value): Spec => ({ shape, dtype })

/** Aᵀ of every matrix. */
export function transposed(x: Value): Value {
  const rank = x.shape.length
  return permute(x, [...x.shape.slice(2).map((_, d) => d), rank - 1, rank - 2])
}

/** A product of two batches of matrices by an index string, such as 'ij,kj->ik' for A Bᵀ. */
export function product(a: Value, b: Value, indices: string): Value {
  const batch = a.shape
    .slice(2)
    .map((_, d) => String.fromCharCode(0x391 + d))
    .join('')
  const [left, right, out] = indices.split(/,|->/)
  return contraction(a, b, `${batch}${left},${batch}${right}->${batch}${out}`)
}

/** Runs `work` on every matrix of a batch: `from` holds one matrix in float64, `to` receives `size` numbers. */
export function perMatrix(
  x: Dense,
  shape: Shape,
  work: (from: Float64Array, to: Float64Array, n: number, entry: number) => void,
): Dense {
  const n = x.shape.at(-1)!
  const count = sizeOf(x.shape.slice(0, -2))
  const size = count === 0 ? 0 : sizeOf(shape) / count
  const out = allocate(x.dtype, count * size)
  for (let entry = 0; entry < count; entry++) {
    const from = Float64Array.from(x.data.subarray(entry * n * n, (entry + 1) * n * n))
    const to = new Float64Array(size)
    work(from, to, n, entry)
    out.set(to, entry * size)
  }
  return { data: out, shape, dtype: x.dtype }
}

/** The error for a matrix that has no answer; it says which one of the batch. */
export function failure(name: string, shape: Shape, entry: number, reason: string): ArgumentError {
  const outer = shape.slice(0, -2)
  const index: number[] = []
  for (let d = outer.length - 1, rest = entry; d >= 0; d--) {
    index.unshift(rest % outer[d])
    rest = Math.floor(rest / outer[d])
  }
  const which = outer.length === 0 ? 'the matrix' : `matrix [${index.join(', ')}] of the batch ${shapeText(shape)}`
  return new ArgumentError(`${name}: ${which} ${reason}`)
}
