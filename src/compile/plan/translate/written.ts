/**
 * Writes to parts of a value. A product that nobody else reads goes straight to the places that it is written to. Where
 * the whole value is replaced, in whatever order, nothing of before is needed.
 */
import { sameShape } from '../../../ops/shape.ts'
import { compose, covers, isWhole } from '../../graph/access.ts'
import type { Access, WriteNode } from '../../graph/graph.ts'
import { type ProductTask, readsOf } from '../task.ts'
import type { Builder } from './builder.ts'
import { copyTask, elementsOf, placeTask, precisionOf, turn } from './loop.ts'

/** `alone` tells whether this write is the only one that reads a value. */
export function written(
  b: Builder,
  { target, source, outputs: [output] }: WriteNode,
  alone: (x: Access) => boolean,
): void {
  const { size } = b.values[target.value]
  const { dtype } = target
  if (isWhole(target, size)) return void b.tasks.push(copyTask(source, output, dtype))
  if (source.dtype === dtype && alone(source) && redirected(b, target, source, output)) return
  const copied = { ...elementsOf(source), dtype, precision: precisionOf(dtype, source.dtype) }
  const task = placeTask({ label: 'write', ...copied, target, onto: target.value, output })
  const whole = covers(target, size)
  // Who makes the source for it does so in the same order.
  const maker = whole || alone(source) ? makerOf(b, target, source) : -1
  const made = b.tasks[maker]
  if (made?.is === 'loop') b.tasks[maker] = turn(made, target)
  b.tasks.push({ ...(whole || made ? turn(task, target) : task), onto: whole ? null : target.value })
}

/** The number of the loop that makes the source at the same points; -1 where there is none. */
const makerOf = (b: Builder, target: Access, source: Access): number =>
  b.tasks.findLastIndex(
    (t) =>
      t.is === 'loop' &&
      t.target.value === source.value &&
      !t.monoid &&
      t.onto === null &&
      sameShape(t.shape, target.shape),
  )

/** Moves the product that makes the source here, where there are the places that it goes to. */
function redirected(b: Builder, target: Access, source: Access, output: number): boolean {
  const at = b.tasks.findLastIndex((t) => t.is === 'product' && t.output === source.value)
  const product = b.tasks[at]
  if (product?.is !== 'product' || product.onto !== null || !covers(source, b.values[source.value].size)) return false
  const moved = into(product, target, source, output)
  const since = b.tasks.slice(at + 1)
  // What the product reads must still be there.
  const kept = readsOf(product).every(
    ({ value }) => b.values[value].origin.is !== 'state' && since.every((t) => t.onto !== value),
  )
  if (!moved || !kept) return false
  b.tasks.splice(at, 1)
  b.tasks.push(moved)
  return true
}

function into(product: ProductTask, target: Access, source: Access, output: number): ProductTask | null {
  // The dimensions in the order in which the elements of the product lie.
  const order = source.shape.map((_, d) => d).sort((p, q) => source.strides[q] - source.strides[p])
  if (source.strides.some((s, d) => s < 0 && source.shape[d] > 1)) return null
  const through: Access = {
    ...target,
    shape: order.map((d) => source.shape[d]),
    strides: order.map((d) => target.strides[d]),
  }
  const axes = [product.batch, product.rows, product.columns]
  const dims = axes.flatMap(({ sizes, strides: [, , c] }) => sizes.map((size, d) => ({ size, step: c[d] })))
  const view = compose(
    { ...source, shape: dims.map(({ size }) => size), strides: dims.map(({ step }) => step), offset: 0 },
    through,
  )
  if (!view) return null
  let next = 0
  const [batch, rows, columns] = axes.map(({ sizes, strides: [p, q] }) => {
    const own = view.strides.slice(next, (next += sizes.length))
    return { sizes, strides: [p, q, own] }
  })
  return { ...product, batch, rows, columns, output, onto: target.value, offset: view.offset }
}
