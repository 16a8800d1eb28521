import { ArgumentError } from '../../errors/index.ts'
import * as s from '../../scalar/index.ts'
import { elementwise } from '../kinds/elementwise.ts'
import type { Value } from '../value.ts'
import { geluTanh } from './geluTanh.ts'
import { settled } from './tails.ts'

const op = elementwise({
  name: 'gelu',
  args: ['x'],
  // (1 + erf(x / sqrt 2)) / 2 = erfc(-x / sqrt 2) / 2, which does not cancel for x < 0
  formula: ({ x }) => settled(x, s.mul(s.mul(s.c(0.5), x), s.erfc(s.mul(s.c(-Math.SQRT1_2), x))), s.c(0), x),
  textbook: ({ x }) => {
    const density = s.mul(s.c(1 / Math.sqrt(2 * Math.PI)), s.exp(s.div(s.neg(s.mul(x, x)), s.c(2))))
    return { x: s.add(s.mul(s.c(0.5), s.erfc(s.mul(s.c(-Math.SQRT1_2), x))), s.mul(x, density)) }
  },
  tex: String.raw`\frac{x}{2} \left(1 + \mathrm{erf}\left(\frac{x}{\sqrt{2}}\right)\right)`,
  points: [
    { at: [0], y: 0, partials: [0.5] },
    { at: [1000], y: 1000, partials: [1] },
    { at: [-1000], y: 0, partials: [0] },
    { at: [Infinity], y: Infinity, partials: [1] },
    { at: [-Infinity], y: 0, partials: [0] },
    { at: [NaN], y: NaN, partials: [NaN] },
  ],
})

/**
 * x Phi(x), the normal distribution's share below x; `approximate: 'tanh'` gives `geluTanh` instead.
 * @example gelu(tensor([0, 1])) // [0, 0.8413]
 */
export const gelu = Object.defineProperties(
  <V extends Value>(x: V, { approximate = 'none' }: { readonly approximate?: 'none' | 'tanh' } = {}): V => {
    if (approximate === 'none') return op(x)
    if (approximate === 'tanh') return geluTanh(x)
    throw new ArgumentError(`gelu: approximate is 'none' or 'tanh', got ${JSON.stringify(approximate)}`)
  },
  Object.getOwnPropertyDescriptors(op),
) as typeof op & (<V extends Value>(x: V, options?: { readonly approximate?: 'none' | 'tanh' }) => V)
