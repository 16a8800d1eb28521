import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

const points = [-3, 0, 3].map((x) => ({ at: [x], y: x }))
const formula = ({ x }: { readonly x: s.Scalar }) => x

/**
 * x rounded to float32.
 * @example toFloat32(tensor([1, 2], { dtype: 'int32' })) // [1, 2]
 */
export const toFloat32 = elementwise({ name: 'toFloat32', args: ['x'], dtype: 'float32', formula, points })

/**
 * x as float64.
 * @example toFloat64(tensor([1, 0.5])) // [1, 0.5]
 */
export const toFloat64 = elementwise({ name: 'toFloat64', args: ['x'], dtype: 'float64', formula, points })

/**
 * x as int32, truncated towards 0. Nothing flows back.
 * @example toInt32(tensor([1.7, -1.7])) // [1, -1]
 */
export const toInt32 = elementwise({ name: 'toInt32', args: ['x'], dtype: 'int32', formula, points })

/**
 * True where x is not 0; NaN is not 0. Nothing flows back.
 * @example toBool(tensor([0, 0.5])) // [false, true]
 */
export const toBool = elementwise({
  name: 'toBool',
  args: ['x'],
  dtype: 'bool',
  formula: ({ x }) => s.eq(s.eq(x, s.c(0)), s.c(0)),
  points: [0, 0.5, NaN].map((x) => ({ at: [x], y: x === 0 ? 0 : 1 })),
})
