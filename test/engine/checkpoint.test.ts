/** What a checkpoint returned and somebody then changed in place is no longer what its derivative needs. */
import { describe, expect, it } from 'vitest'
import { checkpoint, type Tensor, tensor } from '../../src/index.ts'

const leaf = () => tensor(0.5, { dtype: 'float64', requiresGrad: true })

describe('checkpoint and changes in place', () => {
  it('refuses where a rule reads a result that was changed afterwards', () => {
    const y = checkpoint((x: Tensor) => x.tanh(), leaf())
    y.add_(1)
    expect(() => y.square().backward()).toThrow(/tanh needs its result .* as it was, but add_ changed it in place/)
  })

  it('refuses where a rule inside reads a result that was changed afterwards', () => {
    const [h, y] = checkpoint((x: Tensor) => {
      const inner = x.exp()
      return [inner, inner.square()]
    }, leaf())
    h.mul_(3)
    expect(() => y.backward()).toThrow(/square needs its operand 0 .* as it was, but mul_ changed it in place/)
  })

  it('refuses what would be refused without it', () => {
    const y = checkpoint((x: Tensor) => {
      const h = x.exp()
      h.add_(1)
      return h
    }, leaf())
    expect(() => y.backward()).toThrow(/exp needs its result .* as it was/)
  })

  it('goes on where no rule reads what was changed', () => {
    const w = leaf()
    const y = checkpoint((x: Tensor) => x.sin().mul(2), w)
    y.add_(1)
    y.square().backward()
    expect(w.grad!.item()).toBeCloseTo(2 * (2 * Math.sin(0.5) + 1) * 2 * Math.cos(0.5), 12)
  })
})
