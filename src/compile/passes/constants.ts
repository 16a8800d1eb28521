/**
 * What is known while tracing is computed then. A constant that is one number throughout (the seed of a backward pass,
 * an expanded scalar) becomes that number where an elementwise formula can see it, and elsewhere one element that is
 * read again and again. Ops whose operands are all known become constants as long as these are small.
 */
import { run, runRoutine } from '../../backends/js/run.ts'
import { promote } from '../../ops/dtype.ts'
import { sameShape, sizeOf } from '../../ops/shape.ts'
import type { Operand as Given, Shape, Strided, TypedArray } from '../../ops/value.ts'
import { dense, expandTo, repeated } from '../graph/access.ts'
import type { Access, ApplyNode, Graph, Operand } from '../graph/graph.ts'
import { accesses, type Rewriter, rewriteApplied } from '../graph/rewrite.ts'
import { repeatable } from './common-subexpressions.ts'

/** Elements of results, and of operands, up to which an op is run while compiling. */
const RESULT = 4096
const OPERANDS = 65536

export const constants = (graph: Graph): Graph => rewriteApplied(graph, visit)

function visit(node: ApplyNode, to: Rewriter): void {
  const views = accesses(node)
  if (views.length > 0 && !views.some(({ value }) => to.info(value).origin.is === 'constant')) {
    to.emit(node)
    return
  }
  const numbers = node.inputs.map((x) => (typeof x === 'number' ? x : numberOf(x, to)))
  if (node.op.kind === 'elementwise') to.emit(fill(node, numbers, to))
  else {
    const inputs = node.inputs.map((x, i) => {
      const n = numbers[i]
      return typeof x === 'number' || n === undefined || sizeOf(x.shape) < 2 ? x : repeat(x, to)
    })
    to.emit({ ...node, inputs })
    foldSmall(node, to)
  }
}

/** The same number at every element that the view reads; undefined where it is none or not known. */
function numberOf(x: Access, to: Rewriter): number | undefined {
  const { origin } = to.info(x.value)
  if (origin.is !== 'constant') return undefined
  const { data } = origin
  const moving = x.shape.some((n, d) => n > 1 && x.strides[d] !== 0)
  if (!moving) return sizeOf(x.shape) === 0 ? undefined : data[x.offset]
  return isUniform(data) ? data[0] : undefined
}

const uniform = new WeakMap<TypedArray, boolean>()

function isUniform(data: TypedArray): boolean {
  let known = uniform.get(data)
  if (known === undefined) {
    known = (data as Float32Array).every((n) => Object.is(n, data[0]))
    uniform.set(data, known)
  }
  return known
}

function repeat(x: Access, to: Rewriter): Access {
  const { data } = to.info(x.value).origin as { readonly data: TypedArray }
  return data.length === 1
    ? repeated(x.value, x.shape, x.dtype)
    : to.repeat(data.slice(x.offset, x.offset + 1), x.shape, x.dtype)
}

/** An elementwise node with numbers for operands; one of numbers alone is a number itself. */
function fill(node: ApplyNode, numbers: readonly (number | undefined)[], to: Rewriter): ApplyNode {
  const [spec] = node.specs
  const views = node.inputs.filter((x): x is Access => typeof x !== 'number')
  if (sizeOf(spec.shape) === 0) return node
  if (numbers.every((n) => n !== undefined) && !meetElsewhere(node, views)) {
    const single = node.inputs.map((x, i) => (typeof x === 'number' ? x : oneElement(numbers[i]!, x)))
    const data = run(node.op, single, node.attrs, { shape: [], dtype: spec.dtype })
    to.redirect(node.outputs[0], to.repeat(data, spec.shape, spec.dtype))
    return node
  }
  if (!meetElsewhere(node, views) && foldSmall(node, to)) return node
  const inputs = node.inputs.map((x, i) => numbers[i] ?? x)
  if (inputs.every((x) => typeof x === 'number')) return node
  if (spec.dtype === 'bool' && promote(node.inputs as readonly Given[]) !== promote(inputs as readonly Given[]))
    return node
  return { ...node, inputs: spread(inputs, spec.shape) }
}

/** Comparands of several dtypes are rounded to the one in which they meet; that is left to when they do. */
const meetElsewhere = ({ specs: [{ dtype }] }: ApplyNode, views: readonly Access[]): boolean =>
  dtype === 'bool' && views.some((x) => x.dtype !== views[0].dtype)

/** Numbers have no shape: where one took the place of the largest operand, another must fill the result's shape. */
function spread(inputs: readonly Operand[], shape: Shape): Operand[] {
  const views = inputs.filter((x): x is Access => typeof x !== 'number')
  if (views.some((x) => sameShape(x.shape, shape))) return [...inputs]
  return inputs.map((x) => (typeof x === 'number' ? x : expandTo(x, shape)))
}

function oneElement(n: number, x: Access): Strided {
  const data = Float64Array.of(n)
  return { buffer: data, shape: [], strides: [], offset: 0, dtype: x.dtype }
}

function foldSmall(node: ApplyNode, to: Rewriter): boolean {
  const { op, attrs, specs } = node
  if (!repeatable(op, attrs) || specs.some(({ shape }) => sizeOf(shape) > RESULT)) return false
  const inputs = node.inputs.map((x) => (typeof x === 'number' ? x : known(x, to)))
  if (!inputs.every((x) => x !== undefined)) return false
  const results =
    op.kind === 'routine' ? runRoutine(op, inputs, attrs).map(({ data }) => data) : [run(op, inputs, attrs, specs[0])]
  results.forEach((data, i) => {
    to.redirect(node.outputs[i], dense(to.constant(specs[i].dtype, data), specs[i]))
  })
  return true
}

function known(x: Access, to: Rewriter): Strided | undefined {
  const { origin } = to.info(x.value)
  if (origin.is !== 'constant' || sizeOf(x.shape) > OPERANDS) return undefined
  return { ...x, buffer: origin.data }
}
