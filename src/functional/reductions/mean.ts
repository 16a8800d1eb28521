/** The arithmetic mean. */
import { div } from '../../ops/elementwise/index.ts'
import { sum } from '../../ops/reduce/index.ts'
import { composite, type Tensor } from '../../tensor/index.ts'
import { countOf, type Dims, dimAndOptions, type KeepdimOptions, requireFloat, type WithDim } from './options.ts'

/**
 * Σ x / n over the dimensions `dim` (all unless given); NaN where there is no element.
 * @throws DTypeError for integers and flags.
 * @example mean(tensor([[1, 2], [3, 4]]), 0) // [2, 3]
 */
export const mean = composite(
  'mean',
  (x: Tensor, dim?: Dims | WithDim<KeepdimOptions>, options?: KeepdimOptions): Tensor => {
    requireFloat('mean', x)
    const [axes, { keepdim }] = dimAndOptions('mean', dim, options, ['keepdim'])
    return div(sum(x, axes, { keepdim }), countOf('mean', x, axes))
  },
)
