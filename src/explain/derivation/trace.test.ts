/** A traced formula is what runs: it has its value and its derivative at any point. */
import { describe, expect, it } from 'vitest'
import { gradients } from '../../autodiff/index.ts'
import { bceWithLogits, flip, matmul, mean, mseLoss, narrow, softmax } from '../../functional/index.ts'
import { add, mul, square, sub } from '../../ops/elementwise/index.ts'
import { prod, sum } from '../../ops/reduce/index.ts'
import { reshape } from '../../ops/view/reshape.ts'
import { evaluate, freeArgs, toText } from '../../scalar/index.ts'
import { noGrad, type Tensor, tensor } from '../../tensor/index.ts'
import { traceFormula } from './trace.ts'

const names = [
  ['a1', 'a2', 'a3'],
  ['b1', 'b2', 'b3'],
]
const values = [
  [0.3, 0.8, 0.1],
  [0.9, 0.2, 0.6],
]
const at = Object.fromEntries(names.flatMap((row, i) => row.map((name, k) => [name, values[i][k]])))

const functions: Record<string, (a: Tensor, b: Tensor) => Tensor> = {
  'a loss, reduced': (a, b) => mseLoss(a, b),
  'a loss with cases': (a, b) => bceWithLogits(a, b, { reduction: 'sum' }),
  'a reduction that is not linear': (a, b) => prod(add(a, mul(b, b))),
  'a function of the mean': (a) => square(sub(a, mean(a))),
  'views and broadcasting': (a, b) => sum(mul(mul(flip(a, 0), reshape(b, [3, 1])), a), 1),
  'an operand that occurs twice': (a) => sum(mul(a, mul(a, a))),
}

describe('traceFormula', () => {
  it.each(Object.entries(functions))('gives the value and the derivative of %s', (_, run) => {
    for (const [k, wrt] of names[0].entries()) {
      const { formula, partial } = traceFormula(run, names, wrt)
      const [a, b] = values.map((row) => tensor(row, { dtype: 'float64', requiresGrad: true }))
      const result = narrow(reshape(run(a, b), [-1]), 0, 0, 1)
      expect(evaluate(formula, at)).toBeCloseTo(result.item(), 14)
      expect(evaluate(partial, at)).toBeCloseTo(gradients(result, [a])[0].data[k], 14)
    }
  })

  it('keeps numbers as numbers and gives names to what is constant on the way', () => {
    const softplus = traceFormula((z, t) => bceWithLogits(z, t, { reduction: 'none' }), [['z'], [1]], 'z')
    expect(freeArgs(softplus.formula)).toEqual(['z'])
    const share = traceFormula((z) => softmax(z), [['z1', 'z2']], 'z1')
    expect(toText(share.formula)).toBe('exp(z1 - m1)/(exp(z1 - m1) + exp(z2 - m1))')
  })

  it('traces where nothing else is recorded', () => {
    expect(toText(noGrad(() => traceFormula((a, b) => mul(a, b), [['a'], ['b']], 'a')).formula)).toBe('a*b')
  })

  it('says which op has no formula', () => {
    expect(() => traceFormula((a, b) => matmul(a, b), names, 'a1')).toThrow(/matmul is not elementwise/)
  })
})
