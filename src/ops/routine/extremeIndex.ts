/** What argmax and argmin share: where a row has its extreme value. The first one counts, and NaN before all. */
import { ShapeError } from '../../errors/index.ts'
import { flag } from '../arguments.ts'
import { apply, type Op } from '../kinds/op.ts'
import { dimAndOptions, type WithDim } from '../kinds/reduce.ts'
import { type RoutineDefinition, routine } from '../kinds/routine.ts'
import { normalizeAxis, shapeText, sizeOf } from '../shape.ts'
import type { Attrs, Dense, Shape, Value } from '../value.ts'
import { reshape } from '../view/reshape.ts'
import { around, requireTensor } from './indices.ts'

export interface KeepdimOption {
  readonly keepdim?: boolean
}

export type IndexOp = RoutineDefinition &
  (<V extends Value>(x: V, dim?: number | null | WithDim<KeepdimOption>, options?: KeepdimOption) => V)

interface IndexAttrs extends Attrs {
  readonly dim: number
  readonly keepdim: boolean
}

const read = (attrs: Attrs) => attrs as IndexAttrs

/** `sign` is 1 for the largest and -1 for the smallest element. */
export function extremeIndex(name: string, sign: 1 | -1): IndexOp {
  const op: IndexOp = routine(
    {
      name,
      reads: [],
      total: true,
      infer: ([x], attrs) => [{ shape: reduced(name, (x as Value).shape, read(attrs)), dtype: 'int32' }],
      kernel: ([x], attrs) => [
        { data: find(x, read(attrs).dim, sign), shape: reduced(name, x.shape, read(attrs)), dtype: 'int32' },
      ],
      batch: ({ inputs, attrs }) => ({ op: op as Op, inputs, attrs: { ...attrs, dim: read(attrs).dim + 1 } }),
    },
    <V extends Value>(x: V, dim?: number | null | WithDim<KeepdimOption>, options?: KeepdimOption): V => {
      requireTensor(name, x)
      const [axis, given] = dimAndOptions<KeepdimOption>(name, dim, options, ['keepdim'])
      const rank = x.shape.length
      const keepdim = flag(name, 'keepdim', given.keepdim)
      const checked = normalizeAxis(name, (axis as number | null | undefined) ?? 0, rank)
      if (axis !== null && axis !== undefined && rank > 0) return apply(op as Op, [x], { dim: checked, keepdim })
      if (x.shape.includes(0)) throw new ShapeError(`${name}: there is nothing to choose from in ${shapeText(x.shape)}`)
      const all = apply(op as Op, [reshape(x, [sizeOf(x.shape)])], { dim: 0, keepdim: false })
      const ones = x.shape.map(() => 1)
      return (keepdim ? reshape(all, ones) : all) as V
    },
  )
  return op
}

function reduced(name: string, shape: Shape, { dim, keepdim }: IndexAttrs): Shape {
  if (shape[dim] === 0) {
    throw new ShapeError(`${name}: there is nothing to choose from along dim ${dim} of ${shapeText(shape)}`)
  }
  return keepdim ? shape.map((n, d) => (d === dim ? 1 : n)) : shape.filter((_, d) => d !== dim)
}

function find({ data, shape }: Dense, dim: number, sign: number): Int32Array {
  const { outer, size, inner } = around(shape, dim)
  const out = new Int32Array(outer * inner)
  for (let row = 0; row < out.length; row++) {
    const base = Math.floor(row / inner) * size * inner + (row % inner)
    let best = data[base] * sign
    for (let k = 1; k < size && !Number.isNaN(best); k++) {
      const v = data[base + k * inner] * sign
      if (!(v <= best)) {
        best = v
        out[row] = k
      }
    }
  }
  return out
}
