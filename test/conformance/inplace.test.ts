/** Functions that change a tensor in place: what they write is what the function that returns a new tensor gives. */
import { describe, expect, it } from 'vitest'
import { add, div, mul, sub } from '../../src/ops/elementwise/index.ts'
import { permute } from '../../src/ops/view/permute.ts'
import { add_, assign, div_, mul_, sub_, type Tensor, tensor } from '../../src/tensor/index.ts'
import { draw, offset, randomness, strided } from './tools.ts'

const pairs = { add_: [add_, add], sub_: [sub_, sub], mul_: [mul_, mul], div_: [div_, div] } as const
const layouts = { flat: (x: Tensor) => x, strided, offset }

describe.each(Object.entries(pairs))('%s', (_, [inPlace, pure]) => {
  it.each(Object.entries(layouts))('equals the pure function, %s', (_, layout) => {
    const generator = randomness(1)
    const [x, y, row] = [[3, 4], [3, 4], [4]].map((shape) => draw(shape, 'float64', generator))
    for (const other of [y, row, 3]) {
      const target = layout(tensor(x))
      const before = typeof other === 'number' ? [] : [...other.data]
      expect(inPlace(target, other)).toBe(target)
      expect(target.toArray()).toEqual(pure(x, other).toArray())
      expect(typeof other === 'number' ? [] : [...other.data]).toEqual(before)
    }
  })

  it('equals it where the operands overlap', () => {
    const x = draw([3, 3], 'float64', randomness(2), [1, 2])
    const wanted = pure(x, permute(x, [1, 0])).toArray()
    expect(inPlace(x, permute(x, [1, 0])).toArray()).toEqual(wanted)
  })
})

it('assigning the transpose of a tensor to itself transposes it', () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ])
  expect(assign(x, permute(x, [1, 0])).toArray()).toEqual([
    [1, 3],
    [2, 4],
  ])
})
