/** Where a row has its smallest element. */
import { extremeIndex } from './extremeIndex.ts'

/**
 * The index of the smallest element along dim, or in row-major order of all elements unless dim is given; the first one
 * where there are several, NaN before all others. int32; nothing flows back.
 * @throws ShapeError where there is no element to choose from.
 * @example argmin(tensor([2, 3, 1, 3])) // 2
 */
export const argmin = extremeIndex('argmin', -1)
