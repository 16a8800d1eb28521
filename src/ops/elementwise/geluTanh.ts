import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'
import { logistic, settled } from './tails.ts'

/** 2 sqrt(2/pi) (x + 0.044715 x^3): (1 + tanh u) / 2 is the logistic of 2 u, which does not cancel for u < 0. */
const doubled = (x: s.Scalar) => s.mul(s.c(1.5957691216057308), s.add(x, s.mul(s.c(0.044715), s.mul(x, s.mul(x, x)))))

/**
 * x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), the approximation of gelu that early transformers were trained with.
 * @example geluTanh(tensor([0, 1])) // [0, 0.8412]
 */
export const geluTanh = elementwise({
  name: 'geluTanh',
  args: ['x'],
  formula: ({ x }) => settled(x, s.mul(x, logistic(doubled(x))), s.c(0), x),
  tex: String.raw`\frac{x}{2} \left(1 + \tanh\left(\sqrt{\frac{2}{\pi}} \left(x + 0.044715 x^{3}\right)\right)\right)`,
  points: [
    { at: [0], y: 0, partials: [0.5] },
    { at: [1000], y: 1000, partials: [1] },
    { at: [-1000], y: 0, partials: [0] },
    { at: [Infinity], y: Infinity, partials: [1] },
    { at: [-Infinity], y: 0, partials: [0] },
    { at: [NaN], y: NaN, partials: [NaN] },
  ],
})
