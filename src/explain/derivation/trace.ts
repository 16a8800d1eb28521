/**
 * What a function of tensors computes, as one scalar formula. The function is run on small tensors whose elements have
 * names; the tape says which ops were applied, and each op's own formula is put in the place of its result. So the
 * start of a derivation is what runs, not a copy of it.
 */
import { GradError } from '../../errors/index.ts'
import { broadcastTo } from '../../functional/index.ts'
import { type ReduceAttrs, reducedShape } from '../../ops/kinds/reduce.ts'
import { sizeOf } from '../../ops/shape.ts'
import type { Shape } from '../../ops/value.ts'
import { reshape } from '../../ops/view/reshape.ts'
import { arg, c, differentiate, type Scalar, simplifier, substitute } from '../../scalar/index.ts'
import { arange, enableGrad, noGrad, type TapeNode, type Tensor, tensor } from '../../tensor/index.ts'

/** One element: its formula, and its derivative put together from the partials that the engine uses. */
interface Element {
  readonly value: Scalar
  readonly slope: Scalar
}

export interface Traced {
  readonly formula: Scalar
  readonly partial: Scalar
}

/**
 * The first element of what `run` returns, in the names of the elements of its inputs, and its derivative with respect
 * to one of them; an element that is a number stays one. What is computed on the way without a derivative is a
 * constant: its elements are called m1, m2 ...
 */
export function traceFormula(
  run: (...inputs: Tensor[]) => Tensor,
  inputs: readonly (readonly (string | number)[])[],
  wrt: string,
): Traced {
  const known = new Map<Tensor, readonly Element[]>()
  const leaves = inputs.map((elements) => {
    const values = elements.map((e) => (typeof e === 'number' ? e : 1 / 2))
    const leaf = tensor(values, { dtype: 'float64', requiresGrad: true })
    known.set(
      leaf,
      elements.map((e) => ({ value: typeof e === 'number' ? c(e) : arg(e), slope: c(e === wrt ? 1 : 0) })),
    )
    return leaf
  })
  const result = enableGrad(() => run(...leaves))
  let constants = 0
  const read = (x: Tensor | number): readonly Element[] => {
    if (typeof x === 'number') return [{ value: c(x), slope: c(0) }]
    if (!known.has(x))
      known.set(
        x,
        Array.from({ length: x.size }, () => ({ value: arg(`m${++constants}`), slope: c(0) })),
      )
    return known.get(x)!
  }
  for (const node of nodesOf(result))
    known.set(
      node.outputs![0],
      noGrad(() => elementsOf(node, read)),
    )
  const { value, slope } = read(result)[0]
  const { simplify } = simplifier()
  return { formula: simplify(value), partial: simplify(slope) }
}

/** In the order in which they were recorded. */
function nodesOf(result: Tensor): TapeNode[] {
  const found = new Set<TapeNode>()
  const pending = [result]
  while (pending.length > 0) {
    const node = pending.pop()!.gradFn
    if (node === null || found.has(node)) continue
    found.add(node)
    for (const x of node.inputs!) if (typeof x !== 'number') pending.push(x)
  }
  return [...found].sort((a, b) => a.sequence - b.sequence)
}

type Read = (x: Tensor | number) => readonly Element[]

function elementsOf({ op, attrs, inputs, outputs }: TapeNode, read: Read): Element[] {
  const shape = outputs![0].shape
  const operands = inputs!
  if (op.kind === 'elementwise') {
    const places = operands.map((x) => placesIn(x, shape))
    return Array.from({ length: sizeOf(shape) }, (_, i) =>
      composed(
        op.formula,
        op.partials,
        op.args,
        operands.map((x, k) => read(x)[places[k][i]]),
      ),
    )
  }
  const [x] = operands as Tensor[]
  const elements = read(x)
  if (op.kind === 'reduce') {
    const { axes } = attrs as ReduceAttrs
    const joined = [differentiate(op.combine, 'acc'), differentiate(op.combine, 'x')]
    const rows: (Element | undefined)[] = Array.from({ length: sizeOf(shape) })
    placesIn(numbered(reducedShape(x.shape, axes, true)), x.shape).forEach((row, i) => {
      const acc = rows[row]
      rows[row] = acc === undefined ? elements[i] : composed(op.combine, joined, ['acc', 'x'], [acc, elements[i]])
    })
    return rows as Element[]
  }
  if (op.kind === 'view' && !op.scatter) {
    const seen = x.applyOp(op, [numbered(x.shape)], attrs) as Tensor
    return Array.from(seen.data, (place) => elements[place])
  }
  throw new GradError(`derivation: ${op.name} is not elementwise, a reduction or a view, so it has no formula`)
}

/** A tensor whose elements are their own places in row-major order. */
const numbered = (shape: Shape): Tensor => reshape(arange(sizeOf(shape), { dtype: 'float64' }), shape)

/** For each element of a result of that shape, the place of the element of x that it is made of. */
const placesIn = (x: Tensor | number, shape: Shape): number[] =>
  Array.from(broadcastTo(numbered(typeof x === 'number' ? [] : x.shape), shape).data)

/** The chain rule: Σ ∂f/∂aₖ · daₖ, with the op's own partials, in which `y` is the result. */
function composed(
  formula: Scalar,
  partials: readonly Scalar[],
  args: readonly string[],
  operands: readonly Element[],
): Element {
  const { build, simplify } = simplifier()
  const values = Object.fromEntries(args.map((a, k) => [a, operands[k].value]))
  const value = simplify(substitute(formula, values))
  const inside = args.includes('y') ? values : { ...values, y: value }
  const slope = operands.reduce<Scalar>((sum, { slope: tangent }, k) => {
    if (tangent.is === 'const' && tangent.value === 0) return sum
    return build('add', sum, build('mul', substitute(partials[k], inside), tangent))
  }, c(0))
  return { value, slope }
}
