/** The smallest element over axes. */
import { min } from '../../scalar/index.ts'
import { reduce } from '../kinds/reduce.ts'
import { sharePullback, sharePushforward } from './extreme.ts'

/**
 * The smallest element over the dimensions `dim` (all unless given); NaN wins. Ties share the gradient evenly.
 * @throws ShapeError where there is no element to choose from.
 * @example amin(tensor([3, 1, 2])) // 1
 */
export const amin = reduce({
  name: 'amin',
  combine: min,
  readsInput: true,
  pullback: sharePullback,
  pushforward: sharePushforward,
})
