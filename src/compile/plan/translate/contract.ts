/**
 * Contractions as matrix products. Letters of one operand alone are summed first. Where nothing is summed, or little
 * and one side has no dimension of its own, it is a loop like any other and takes part in fusion.
 */
import { productOf } from '../../../backends/js/product.ts'
import { isFloating } from '../../../ops/dtype.ts'
import { type ContractAttrs, parseIndices } from '../../../ops/kinds/contract.ts'
import { sizeOf } from '../../../ops/shape.ts'
import { arg, mul } from '../../../scalar/index.ts'
import { dense } from '../../graph/access.ts'
import type { Access, ApplyNode } from '../../graph/graph.ts'
import type { Builder } from './builder.ts'
import { jsTask } from './host.ts'
import { elementsOf, fillTask, foldTask, inDType, mapTask, precisionOf, sum } from './loop.ts'

interface Lettered {
  readonly letters: string
  readonly x: Access
}

const EMPTY = new Float32Array(0)
/** Up to this many terms a sum for each result is a loop, if there is nothing that a product would use again. */
const FEW = 32

export function contract(b: Builder, node: ApplyNode): void {
  const [{ shape, dtype }] = node.specs
  if (!isFloating(dtype)) return void b.tasks.push(jsTask(node))
  const { a, b: other, out } = parseIndices((node.attrs as ContractAttrs).indices)
  const [x, y] = node.inputs as readonly Access[]
  const left = withoutLonely(b, { letters: a, x: inDType(b, x, dtype) }, other + out, node.op.name)
  const right = withoutLonely(b, { letters: other, x: inDType(b, y, dtype) }, a + out, node.op.name)
  const precision = precisionOf(dtype)
  const output = node.outputs[0]
  const indices = `${left.letters},${right.letters}->${out}`
  const [p, q] = [left.x, right.x].map((v) => ({ ...v, buffer: EMPTY }))
  const { batch, rows, columns, summed } = productOf(p, q, indices, EMPTY, shape)
  const [m, n, k] = [rows, columns, summed].map(({ sizes }) => sizeOf(sizes))
  if (k === 0) b.tasks.push(fillTask(node.op.name, shape, dtype, 0, output))
  else if (k === 1 || (m === 1 && n === 1) || (k <= FEW && (m === 1 || n === 1))) asLoop(b, node, left, right, out)
  else {
    const operands = { label: node.op.name, a: left.x, b: right.x, output, onto: null }
    b.tasks.push({ is: 'product', ...operands, precision, batch, rows, columns, summed })
  }
}

/** Σ a b at every point of the result's letters and the summed ones. */
function asLoop(b: Builder, node: ApplyNode, left: Lettered, right: Lettered, out: string): void {
  const summed = [...left.letters].filter((l) => !out.includes(l))
  const letters = [...out, ...summed]
  const sizes = new Map<string, number>()
  for (const { letters: own, x } of [left, right]) for (const [d, l] of [...own].entries()) sizes.set(l, x.shape[d])
  const shape = letters.map((l) => sizes.get(l)!)
  const along = ({ letters: own, x }: Lettered): Access => {
    const strides = letters.map((l) => (own.includes(l) ? x.strides[own.indexOf(l)] : 0))
    return { ...x, shape, strides }
  }
  const { dtype } = node.specs[0]
  const source = {
    label: node.op.name,
    shape,
    formula: mul(arg('a'), arg('b')),
    names: ['a', 'b'],
    args: [along(left), along(right)],
    output: node.outputs[0],
    dtype,
    precision: precisionOf(dtype),
  }
  const folded = letters.map((_, d) => d >= out.length)
  if (sizeOf(shape.slice(out.length)) > 1) b.tasks.push(foldTask({ ...source, folded, monoid: sum }))
  else
    b.tasks.push(
      mapTask({ ...source, shape: shape.slice(0, out.length), args: source.args.map((x) => cut(x, out.length)) }),
    )
}

const cut = (x: Access, rank: number): Access => ({
  ...x,
  shape: x.shape.slice(0, rank),
  strides: x.strides.slice(0, rank),
})

/** A letter that stands in this operand alone is summed over before anything is multiplied. */
function withoutLonely(b: Builder, { letters, x }: Lettered, others: string, label: string): Lettered {
  const folded = [...letters].map((l) => !others.includes(l))
  const kept = x.shape.map((_, d) => d).filter((d) => !folded[d])
  const left = [...letters].filter((l) => others.includes(l)).join('')
  if (kept.length === letters.length) return { letters, x }
  const shape = kept.map((d) => x.shape[d])
  const lonely = sizeOf(x.shape.filter((_, d) => folded[d]))
  if (lonely === 1) return { letters: left, x: { ...x, shape, strides: kept.map((d) => x.strides[d]) } }
  const { dtype } = x
  const output = b.temporary(dtype, sizeOf(shape))
  const source = { label, shape: x.shape, ...elementsOf(x), output, dtype, precision: precisionOf(dtype) }
  if (lonely === 0) b.tasks.push(fillTask(label, shape, dtype, 0, output))
  else b.tasks.push(foldTask({ ...source, folded, monoid: sum }))
  return { letters: left, x: dense(output, { shape, dtype }) }
}
