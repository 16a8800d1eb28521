/** Loops by hand: copies, fills, sums and pointwise formulas over views. */
import { contiguousStrides, sizeOf } from '../../../ops/shape.ts'
import type { DType, Shape } from '../../../ops/value.ts'
import { add, arg, c, type Scalar } from '../../../scalar/index.ts'
import { dense, expandTo } from '../../graph/access.ts'
import type { Access, Operand, ValueId } from '../../graph/graph.ts'
import { isAccess, type LoopTask, type Monoid, type Precision } from '../task.ts'
import type { Builder } from './builder.ts'

export interface MapSource {
  readonly label: string
  readonly shape: Shape
  readonly formula: Scalar
  readonly names: readonly string[]
  readonly args: readonly Operand[]
  readonly output: ValueId
  readonly dtype: DType
  readonly precision: Precision
}

/** A formula at every point of a shape, into a dense value. Operands are broadcast. */
export function mapTask({ output, dtype, ...source }: MapSource): LoopTask {
  const { shape } = source
  return {
    is: 'loop',
    ...source,
    folded: shape.map(() => false),
    monoid: null,
    args: source.args.map((x) => (isAccess(x) ? expandTo(x, shape) : x)),
    target: { value: output, strides: contiguousStrides(shape), offset: 0, dtype },
    onto: null,
    after: null,
    scope: 0,
  }
}

/** The values of a map over the dimensions marked `folded`, joined; dense over the others. */
export function foldTask(
  source: MapSource & { readonly folded: readonly boolean[]; readonly monoid: Monoid },
): LoopTask {
  const { shape, folded, monoid } = source
  const kept = contiguousStrides(shape.filter((_, d) => !folded[d]))
  let at = 0
  const strides = shape.map((_, d) => (folded[d] ? 0 : kept[at++]))
  const task = mapTask(source)
  return { ...task, folded, monoid, target: { ...task.target, strides } }
}

export const sum: Monoid = { combine: add(arg('acc'), arg('x')), identity: 0 }

/** In which values of these dtypes meet: integers need float64. */
export const precisionOf = (...dtypes: readonly DType[]): Precision =>
  dtypes.some((d) => d === 'float64' || d === 'int32') ? 'float64' : 'float32'

/** The elements of a view as they are. */
export const elementsOf = (x: Access) => ({ formula: arg('x'), names: ['x'], args: [x] }) as const

/** The elements of a view, dense, in another dtype if one is given. */
export function copyTask(x: Access, output: ValueId, dtype: DType = x.dtype): LoopTask {
  const precision = precisionOf(x.dtype, dtype)
  return mapTask({ label: 'copy', shape: x.shape, ...elementsOf(x), output, dtype, precision })
}

/** A value that is the same number everywhere. */
export const fillTask = (label: string, shape: Shape, dtype: DType, value: number, output: ValueId): LoopTask =>
  mapTask({ label, shape, formula: c(value), names: [], args: [], output, dtype, precision: precisionOf(dtype) })

/** `formula` into the places of `target`, the rest of `onto` staying as it is. */
export function placeTask(
  source: Omit<MapSource, 'shape' | 'output'> & { target: Access; onto: ValueId; output: ValueId },
): LoopTask {
  const { target, onto, output, ...rest } = source
  const task = mapTask({ ...rest, shape: target.shape, output })
  return { ...task, target: { ...task.target, strides: target.strides, offset: target.offset }, onto }
}

/** The same task with its dimensions in the order in which the places of `target` lie. */
export function turn(task: LoopTask, target: Access): LoopTask {
  const far = (d: number) => Math.abs(target.strides[d])
  const order = target.shape.map((_, d) => d).sort((a, b) => far(b) - far(a))
  const turned = <T>(list: readonly T[]): T[] => order.map((d) => list[d])
  return {
    ...task,
    shape: turned(task.shape),
    args: task.args.map((x) => (isAccess(x) ? { ...x, shape: turned(x.shape), strides: turned(x.strides) } : x)),
    target: { ...task.target, strides: turned(task.target.strides) },
  }
}

/** As dense elements in another dtype: the view itself where it has that already. */
export function inDType(b: Builder, x: Access, dtype: DType): Access {
  if (x.dtype === dtype) return x
  const value = b.temporary(dtype, sizeOf(x.shape))
  b.tasks.push(copyTask(x, value, dtype))
  return dense(value, { shape: x.shape, dtype })
}
