/**
 * Ops that hand on what they are given: copies, casts to the same dtype, x * 1, where(true, x, y), --x, reductions of
 * single elements. Their readers read the operand itself, through the copy's view of it; so a transposed copy in front
 * of a product becomes the product's strides. Only what is exact for every number counts: x + 0 does not, for -0.
 */
import { dtypes } from '../../ops/dtype.ts'
import type { ElementwiseDefinition } from '../../ops/kinds/elementwise.ts'
import { ofOneElement, type ReduceAttrs, type ReduceDefinition } from '../../ops/kinds/reduce.ts'
import { sizeOf } from '../../ops/shape.ts'
import type { DType } from '../../ops/value.ts'
import { arg, c, fold, type Scalar, simplifier, simplify } from '../../scalar/index.ts'
import { accessKey, expandTo, isWhole } from '../graph/access.ts'
import type { Access, ApplyNode, Graph, Operand } from '../graph/graph.ts'
import { type Rewriter, rewriteApplied } from '../graph/rewrite.ts'

export const identities = (graph: Graph): Graph =>
  rewriteApplied(graph, (node, to) => {
    to.emit(node)
    if (node.op.kind === 'elementwise') handOn(node, node.op, to)
    if (node.op.kind === 'reduce') dropReduction(node, node.op, to)
  })

function handOn(node: ApplyNode, op: ElementwiseDefinition, to: Rewriter): void {
  const [spec] = node.specs
  const [out] = node.outputs
  if (sizeOf(spec.shape) === 0) return
  const formula = formulaOf(op, node.inputs)
  if (!formula) return
  if (formula.is === 'const') {
    const data = numberIn(spec.dtype, formula.value)
    if (data) to.redirect(out, to.repeat(data, spec.shape, spec.dtype))
  }
  if (formula.is === 'arg') {
    const x = node.inputs[op.args.indexOf(formula.name)] as Access
    const source = x.dtype === spec.dtype ? x : narrowed(x, spec.dtype, to)
    if (source) to.redirect(out, expandTo(source, spec.shape))
  }
  if (isNegation(formula) && node.inputs.length === 1) {
    const x = undone(node.inputs[0] as Access, to)
    if (x && x.dtype === spec.dtype) to.redirect(out, expandTo(x, spec.shape))
  }
}

/**
 * The op's formula with its numbers filled in and equal operands under one name, in simplest form; null where simplifying
 * would lose the sign of a zero.
 */
function formulaOf(op: ElementwiseDefinition, inputs: readonly Operand[]): Scalar | null {
  // The formula as it stands is in simplest form.
  if (areApart(inputs)) return op.formula
  const keys = inputs.map((x) => (typeof x === 'number' ? null : accessKey(x)))
  const places = keys.map((key, i) => (key === null ? inputs[i] : keys.indexOf(key)) as number)
  const pattern = places.map((n, i) => `${keys[i] === null ? '=' : ''}${Object.is(n, -0) ? '-0' : n}`).join()
  let known = filled.get(op)
  if (!known) filled.set(op, (known = new Map()))
  let formula = known.get(pattern)
  if (formula === undefined) known.set(pattern, (formula = fill(op, places, keys)))
  return formula
}

/** Do the operands surely differ, none being a number? */
function areApart(inputs: readonly Operand[]): boolean {
  return inputs.every((x, i) => {
    if (typeof x === 'number') return false
    for (let k = 0; k < i; k++) if ((inputs[k] as Access).value === x.value) return false
    return true
  })
}

/** Per op, by its numbers and equal operands. */
const filled = new WeakMap<ElementwiseDefinition, Map<string, Scalar | null>>()

function fill(op: ElementwiseDefinition, places: readonly number[], keys: readonly (string | null)[]): Scalar | null {
  const operands = new Map<string, Scalar>()
  for (const [i, name] of op.args.entries()) {
    operands.set(name, keys[i] === null ? c(places[i]) : arg(op.args[places[i]]))
  }
  const { build, simplify } = simplifier()
  let exact = true
  const result = fold<Scalar>(op.formula, (s, children) => {
    if (s.is === 'arg') return operands.get(s.name) ?? s
    if (s.is === 'const') return s
    if (losesSign(s.fn, children)) exact = false
    return build(s.fn, ...children)
  })
  return exact ? simplify(result) : null
}

/** 0 + x and 0 - x are 0 for a zero x of either sign; -(a - b) is -0 where b - a is 0. */
function losesSign(fn: string, of: readonly Scalar[]): boolean {
  const zero = (s: Scalar) => s.is === 'const' && Object.is(s.value, 0)
  if (fn === 'add') return of.some(zero)
  if (fn === 'sub') return zero(of[0])
  return fn === 'neg' && of[0].is === 'call' && of[0].fn === 'sub'
}

/** A number as an array of one element, where the dtype holds it exactly. */
function numberIn(dtype: DType, n: number): Float64Array | Float32Array | Int32Array | Uint8Array | null {
  if (dtype === 'bool') return Uint8Array.of(Number(n !== 0))
  if (dtype === 'int32') return (n | 0) === n ? Int32Array.of(n) : null
  return dtype === 'float32' ? Float32Array.of(n) : Float64Array.of(n)
}

const exactIn: Readonly<Record<DType, readonly DType[]>> = {
  bool: dtypes,
  int32: ['int32', 'float64'],
  float32: ['float32', 'float64'],
  float64: ['float64'],
}

/** What was widened to x's dtype, where it comes back to its own. */
function narrowed(x: Access, dtype: DType, to: Rewriter): Access | null {
  const node = to.producer(x.value)
  if (node?.is !== 'apply' || node.op.kind !== 'elementwise' || node.op.formula.is !== 'arg') return null
  const inner = node.inputs[node.op.args.indexOf(node.op.formula.name)]
  if (typeof inner === 'number' || inner.dtype !== dtype || !exactIn[dtype].includes(x.dtype)) return null
  return wholeOf(x, node, to) ? { ...expandTo(inner, node.specs[0].shape), shape: x.shape } : null
}

const isNegation = (s: Scalar): boolean => s.is === 'call' && s.fn === 'neg' && s.of[0].is === 'arg'

/** y where x is -y. */
function undone(x: Access, to: Rewriter): Access | null {
  const node = to.producer(x.value)
  if (node?.is !== 'apply' || node.op.kind !== 'elementwise' || node.inputs.length !== 1) return null
  const [inner] = node.inputs
  if (!isNegation(node.op.formula) || typeof inner === 'number' || !wholeOf(x, node, to)) return null
  return { ...inner, shape: x.shape }
}

/** Does the view read all of a node's result in the node's own shape? */
const wholeOf = (x: Access, { specs: [{ shape }] }: ApplyNode, to: Rewriter): boolean =>
  isWhole(x, to.info(x.value).size) && x.shape.length === shape.length && x.shape.every((n, d) => n === shape[d])

/** Folding one element: the element itself, if the op's identity leaves it as it is. */
function dropReduction(node: ApplyNode, op: ReduceDefinition, to: Rewriter): void {
  const x = node.inputs[0] as Access
  const { axes } = node.attrs as ReduceAttrs
  if (x.dtype !== node.specs[0].dtype || axes.some((d) => x.shape[d] !== 1)) return
  if (simplify(ofOneElement(op)).is === 'arg') to.redirect(node.outputs[0], x)
}
