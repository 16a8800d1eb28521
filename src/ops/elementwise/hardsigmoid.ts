import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'

/**
 * (x + 3) / 6, held between 0 and 1; slope 0 at -3 and 3.
 * @example hardsigmoid(tensor([-4, 0, 1])) // [0, 0.5, 0.6667]
 */
export const hardsigmoid = elementwise({
  name: 'hardsigmoid',
  args: ['x'],
  formula: ({ x }) =>
    s.select(s.le(x, s.c(-3)), s.c(0), s.select(s.le(s.c(3), x), s.c(1), s.div(s.add(x, s.c(3)), s.c(6)))),
  domain: { x: [-4, 4] },
  points: [
    { at: [-3], y: 0, partials: [0] },
    { at: [0], y: 0.5, partials: [0.16666666666666666] },
    { at: [3], y: 1, partials: [0] },
    { at: [Infinity], y: 1, partials: [0] },
    { at: [-Infinity], y: 0, partials: [0] },
    { at: [NaN], y: NaN, partials: [0.16666666666666666] },
  ],
})
