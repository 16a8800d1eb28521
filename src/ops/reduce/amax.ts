/** The largest element over axes. */
import { max } from '../../scalar/index.ts'
import { reduce } from '../kinds/reduce.ts'
import { sharePullback, sharePushforward } from './extreme.ts'

/**
 * The largest element over the dimensions `dim` (all unless given); NaN wins. Ties share the gradient evenly.
 * @throws ShapeError where there is no element to choose from.
 * @example amax(tensor([3, 1, 2])) // 3
 */
export const amax = reduce({
  name: 'amax',
  combine: max,
  readsInput: true,
  pullback: sharePullback,
  pushforward: sharePushforward,
})
