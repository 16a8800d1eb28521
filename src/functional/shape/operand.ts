/** What composites check before they look at a tensor: that it is one, and that it has the dimension that was named. */
import { IndexError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { normalizeAxis } from '../../ops/shape.ts'
import { requireTensor, type Tensor } from '../../tensor/index.ts'

export { requireInteger } from '../../ops/arguments.ts'

export { requireTensor } from '../../tensor/index.ts'

/** A dimension of x counted from 0; unlike reductions, what takes a dimension apart needs one. */
export function axisOf(name: string, x: Tensor, dim: number): number {
  requireTensor(name, x)
  if (x.shape.length === 0) throw new IndexError(`${name}: a tensor without dimensions has no dim ${shown(dim)}`)
  return normalizeAxis(name, dim, x.shape.length)
}
