/** In which dtype operands meet. */
import { expect, it } from 'vitest'
import { eq, ge, prod, tensor } from '../index.ts'

it('compares in the common dtype', () => {
  expect(eq(tensor([0.1]), 0.1).toArray()).toEqual([true])
  expect(ge(tensor([0.7]), 0.7).toArray()).toEqual([true])
  expect(eq(tensor(0.1, { dtype: 'float64' }), tensor([0.1])).toArray()).toEqual([true])
  expect(eq(tensor([0.1], { dtype: 'float64' }), tensor([0.1])).toArray()).toEqual([false])
})

it('multiplies integers exactly, modulo 2^32', () => {
  const x = tensor([123456789, 987654321, 13], { dtype: 'int32' })
  expect(prod(x).item()).toBe(Math.imul(Math.imul(123456789, 987654321), 13))
  expect(tensor([3], { dtype: 'int32' }).pow(45).item()).toBe(155801427)
})
