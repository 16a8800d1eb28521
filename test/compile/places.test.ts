/**
 * Where values lie and what they are when they are stored: rows of a state picked or added into that state itself, and
 * numbers rounded to a narrower dtype on their way.
 */
import { expect, it } from 'vitest'
import { add_, assign, compile, indexSelect, noGrad, scatterAdd, type Tensor, tensor } from '../../src/index.ts'

type DType = 'float32' | 'float64' | 'int32' | 'bool'

/** What a state holds after two calls of a function that changes it. */
function after(compiled: boolean, dtype: DType, change: (state: Tensor, index: Tensor) => void): number[] {
  const state = tensor([2, -9, 0, 4, -15], { dtype: 'int32' }).to(dtype)
  const step = (index: Tensor) => noGrad(() => change(state, index))
  const run = compiled ? compile(step) : step
  for (const index of [
    [4, 0, 1, 0, 2],
    [1, 3, 3, 2, 0],
  ])
    run(tensor(index, { dtype: 'int32' }))
  return [...state.data]
}

const changes: Record<string, (state: Tensor, index: Tensor) => void> = {
  'is picked from itself': (s, i) => assign(s, indexSelect(s, 0, i)),
  'is picked from itself backwards': (s, i) => assign(s, indexSelect(s.flip(0), 0, i)),
  'is picked from itself after a part of it changed': (s, i) => {
    assign(s.narrow(0, 1, 2), s.narrow(0, 3, 2))
    assign(s, s.at(i))
  },
  'is the index as well': (s) => assign(s, s.at(s.to('int32').ne(0).to('int32').add(2))),
}

const additions: Record<string, (state: Tensor, index: Tensor) => void> = {
  'gets rows of itself added': (s, i) => assign(s, scatterAdd(s, 0, i, s)),
  'is made of its rows': (s, i) => assign(s, scatterAdd(s.sub(s), 0, i, s)),
  'gets other rows added': (s, i) => assign(s, scatterAdd(s, 0, i, i.to(s.dtype))),
}

for (const dtype of ['float32', 'float64', 'int32', 'bool'] as const) {
  for (const [what, change] of Object.entries(dtype === 'bool' ? changes : { ...changes, ...additions })) {
    it(`a state of ${dtype} that ${what}`, () => {
      expect(after(true, dtype, change)).toEqual(after(false, dtype, change))
    })
  }
}

const narrowing: Record<string, (x: Tensor, single: Tensor) => Tensor> = {
  'by a cast': (x) => x.mul(0.1).to('float32').to('float64').mul(3),
  'by a cast before a sum': (x) => x.mul(0.1).to('float32').to('float64').sum(),
  'in a state of float32': (x, single) => {
    assign(single, x.mul(0.1))
    return single.to('float64').mul(3)
  },
  'by adding to a state of float32': (x, single) => {
    add_(single, x.mul(0.1))
    return single.to('float64').mul(3)
  },
}

for (const [how, f] of Object.entries(narrowing)) {
  it(`numbers are rounded ${how}`, () => {
    const [eager, compiled] = [false, true].map((isCompiled) => {
      const x = tensor([1, 2, 3, -5, 7, 11], { dtype: 'float64' }).reshape([2, 3])
      const single = x.to('float32').mul(0)
      const step = (y: Tensor) => noGrad(() => f(y, single))
      return [...(isCompiled ? compile(step) : step)(x).data, ...single.data]
    })
    expect(compiled).toEqual(eager)
  })
}
