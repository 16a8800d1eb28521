/** Coordinates of a grid. */
import { ArgumentError, checkOptions, ShapeError } from '../../errors/index.ts'
import { isOptions, shown } from '../../ops/arguments.ts'
import { shapeText } from '../../ops/shape.ts'
import { expand, reshape } from '../../ops/view/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { requireTensor } from './operand.ts'
import { transpose } from './order.ts'

export interface MeshgridOptions {
  /** 'ij' (the default): the first vector runs along dimension 0; 'xy': along dimension 1, as pictures are drawn. */
  readonly indexing?: 'ij' | 'xy'
}

/**
 * One grid per vector, each of all their sizes: grid k at [i0, i1, ...] is vector k at ik. Views of the vectors.
 * @param vectors spread or as one array, scalars counting as vectors of one element; options may come last.
 * @throws ShapeError where one has more than one dimension, ArgumentError where there is none.
 * @example meshgrid(tensor([1, 2]), tensor([3, 4]))[1] // [[3, 4], [3, 4]]
 */
export function meshgrid(...vectors: (Tensor | readonly Tensor[] | MeshgridOptions)[]): Tensor[] {
  const last = vectors.at(-1)
  const options = isOptions(last) ? (last as MeshgridOptions) : {}
  const given = (isOptions(last) ? vectors.slice(0, -1) : vectors).flat() as Tensor[]
  checkOptions('meshgrid', options, ['indexing'])
  const { indexing = 'ij' } = options
  if (indexing !== 'ij' && indexing !== 'xy')
    throw new ArgumentError(`meshgrid: indexing must be 'ij' or 'xy', got ${shown(indexing)}`)
  if (given.length === 0) throw new ArgumentError('meshgrid: takes at least one vector')
  for (const [i, x] of given.entries()) {
    requireTensor('meshgrid', x, `vector ${i}`)
    if (x.shape.length > 1) throw new ShapeError(`meshgrid: takes vectors, vector ${i} is ${shapeText(x.shape)}`)
  }
  const sizes = given.map((x) => x.size)
  const grids = given.map((x, k) => {
    const across = sizes.map((n, d) => (d === k ? n : 1))
    return expand(reshape(x, across), sizes)
  })
  return indexing === 'xy' && given.length > 1 ? grids.map((g) => transpose(g, 0, 1)) : grids
}
