/**
 * The view kind: the same elements under another index map. The author writes how shape, strides and offset change;
 * no element moves. A view is a linear map, so its tangent rule is the view itself and its pullback the transpose of
 * the map: zeros of the input's shape into which every element is added where it came from. That transpose is an op of
 * the kind too, whose own transpose is the view again.
 */
import { contiguousStrides } from '../shape.ts'
import type { Attrs, Shape, Spec, Value } from '../value.ts'
import { apply, type Call, callable, type Linear, type Op, type OpCommon } from './op.ts'

export interface Layout {
  readonly shape: Shape
  readonly strides: readonly number[]
  readonly offset: number
}

export interface ViewDefinition extends OpCommon {
  readonly kind: 'view'
  /** True for the transpose of an index map, which writes a new array instead of looking at an old one. */
  readonly scatter: boolean
  /**
   * The new layout of the same elements; null where these strides cannot express it and the elements must be copied
   * first. For a transpose, the layout of the map that is transposed, within an array of `attrs.shape`.
   */
  layout(attrs: Attrs, x: Layout): Layout | null
  /** What a transpose finds where no element lands; 0, or the border value of a pad. */
  fill(attrs: Attrs): number
}

export interface ViewSource<R extends unknown[], A extends Attrs> {
  readonly name: string
  /** What is done to the input first, so that the map itself keeps to one form. */
  prepare?(x: Value, ...rest: R): Value
  /** From what the user writes to full attributes: every axis from 0, every size known. Throws what is wrong with it. */
  attrs(x: Value, ...rest: R): A
  layout(attrs: A, x: Layout): Layout | null
  /** The attributes for an input that has one more dimension, the batch, in front. */
  lift(attrs: A, batch: number): A
  /** A cheaper transpose than adding into zeros, where there is one. */
  transpose?(g: Value, attrs: A, shape: Shape): Value
}

export type ViewOp<R extends unknown[]> = ViewDefinition & (<V extends Value>(x: V, ...rest: R) => V)

export function view<R extends unknown[], A extends Attrs>(source: ViewSource<R, A>): ViewOp<R> {
  const { name } = source
  const layout = (attrs: Attrs, x: Layout) => source.layout(attrs as A, x)
  const back = (g: Value, attrs: Attrs, shape: Shape): Value =>
    source.transpose ? source.transpose(g, attrs as A, shape) : apply(transpose as Op, [g], { of: attrs, shape })
  const definition: ViewDefinition & { name: string } = {
    kind: 'view',
    name,
    scatter: false,
    differentiable: true,
    layout,
    fill: () => 0,
    reads: () => false,
    infer: ([x], attrs) => inferView(x as Value, attrs, layout),
    vjp: (call, [g], [wanted]) => [wanted && g ? back(g, call.attrs, (call.inputs[0] as Value).shape) : null],
    jvp: (call, [t]) => [t && apply(op as Op, [t], call.attrs)],
    batch: ({ inputs, attrs }) => ({
      op: op as Op,
      inputs,
      attrs: source.lift(attrs as A, (inputs[0] as Value).shape[0]),
    }),
  }
  const run = <V extends Value>(x: V, ...rest: R): V => {
    // What is no value has no shape to work with; applying the op says so.
    if (typeof x?.applyOp !== 'function') return apply(op as Op, [x], {})
    const ready = source.prepare?.(x, ...rest) ?? x
    return apply(op as Op, [ready], source.attrs(ready, ...rest)) as V
  }
  const op: ViewOp<R> = callable(definition, run)
  const transpose = transposeOf(name, op, layout, (attrs, batch) => source.lift(attrs as A, batch))
  return op
}

function inferView(x: Value, attrs: Attrs, layout: ViewDefinition['layout']): Spec {
  const dense = { shape: x.shape, strides: contiguousStrides(x.shape), offset: 0 }
  return { shape: layout(attrs, dense)!.shape, dtype: x.dtype }
}

interface TransposeAttrs {
  readonly of: Attrs
  readonly shape: Shape
  readonly fill?: number
}

/** The transpose of an index map: `attrs.of` are the map's attributes, `attrs.shape` the shape of what it looked at. */
export function transposeOf(
  name: string,
  of: ViewDefinition,
  layout: ViewDefinition['layout'],
  lift: (attrs: Attrs, batch: number) => Attrs,
  publicName = `${name}.transpose`,
): ViewDefinition {
  const read = (attrs: Attrs) => attrs as unknown as TransposeAttrs
  const definition: ViewDefinition & { name: string } = {
    kind: 'view',
    name: publicName,
    scatter: true,
    differentiable: true,
    layout: (attrs, x) => layout(read(attrs).of, x),
    fill: (attrs) => read(attrs).fill ?? 0,
    reads: () => false,
    infer: ([x], attrs) => ({ shape: read(attrs).shape, dtype: (x as Value).dtype }),
    vjp: (call: Call, [g]: readonly Linear[], [wanted]: readonly boolean[]) => [
      wanted && g ? apply(of as Op, [g], read(call.attrs).of) : null,
    ],
    // A border value is a constant, so that the tangent's border is 0.
    jvp: (call, [t]) => [t && apply(op as Op, [t], { ...call.attrs, fill: 0 })],
    batch: ({ inputs, attrs }) => {
      const batch = (inputs[0] as Value).shape[0]
      const { of: inner, shape, fill } = read(attrs)
      return { op: op as Op, inputs, attrs: { of: lift(inner, batch), shape: [batch, ...shape], fill } }
    },
  }
  const run = <V extends Value>(x: V, attrs: Attrs): V => apply(op as Op, [x], attrs) as V
  const op = callable(definition, run)
  return op
}
