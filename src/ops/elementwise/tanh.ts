import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/** (1 - |y|) (1 + |y|), where 1 - |y| = (1 + |y|) e^-2|x| keeps the digits that 1 - y^2 cancels; 1/cosh^2 x overflows. */
const tail = (x: s.Scalar, y: s.Scalar) => {
  const sum = s.add(s.c(1), s.abs(y))
  return s.mul(s.mul(sum, sum), s.exp(s.mul(s.c(-2), s.abs(x))))
}

/**
 * (e^x - e^-x) / (e^x + e^-x)
 * @example tanh(tensor([0, 1])) // [0, 0.7616]
 */
export const tanh = elementwise({
  name: 'tanh',
  args: ['x'],
  formula: ({ x }) => s.tanh(x),
  partials: ({ x, y }) => ({ x: s.select(s.lt(s.abs(x), s.c(1)), s.sub(s.c(1), s.mul(y, y)), tail(x, y)) }),
  textbook: ({ y }) => ({ x: s.sub(s.c(1), s.mul(y, y)) }),
  points: [
    { at: [0], y: 0, partials: [1] },
    { at: [20], y: 1, partials: [1.6993417021166355e-17] },
    { at: [1000], y: 1, partials: [0] },
    { at: [-1000], y: -1, partials: [0] },
    { at: [Infinity], y: 1, partials: [0] },
    { at: [-Infinity], y: -1, partials: [0] },
    { at: [NaN], y: NaN, partials: [NaN] },
  ],
})
