/** Recurrent layers: the step of every cell under all transforms, to second order. */
import { beforeEach, describe, expect, it } from 'vitest'
import { checkGradients, grad, jvp, manualSeed, ones, randn, type Tensor, vmap } from '../index.ts'
import * as nn from './index.ts'

beforeEach(() => manualSeed(7))

const options = { dtype: 'float64', numLayers: 2, bidirectional: true } as const
const layers = {
  RNN: () => new nn.RNN(2, 3, options),
  GRU: () => new nn.GRU(2, 3, options),
  LSTM: () => new nn.LSTM(2, 3, options),
}

describe.each(Object.entries(layers))('%s', (_, make) => {
  const f64 = (...shape: number[]) => randn(shape, { dtype: 'float64' })

  it('has exact derivatives of first and second order', () => {
    const layer = make()
    const report = checkGradients((x) => layer.forward(x)[0].square(), [f64(3, 2, 2)], { order: 2, mode: 'fast' })
    expect(report.ok).toBe(true)
    const weights = layer.parameters()
    const x = f64(3, 2, 2)
    expect(checkGradients(() => layer.forward(x)[0].square(), weights, { mode: 'fast' }).ok).toBe(true)
  })

  it('agrees in forward and reverse mode, sample by sample and in a batch', () => {
    const layer = make()
    const loss = (x: Tensor) => layer.forward(x)[0].square().sum()
    const [x, v] = [f64(3, 2, 2), f64(3, 2, 2)]
    const [, slope] = jvp(loss, [x], [v])
    expect(slope.item()).toBeCloseTo(grad(loss)(x).mul(v).sum().item(), 10)
    const batch = f64(4, 3, 2, 2)
    const together = vmap(grad(loss))(batch)
    expect(
      together
        .select(0, 2)
        .sub(grad(loss)(batch.select(0, 2)))
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-12)
  })

  it('takes steps that nothing depends on', () => {
    const layer = make()
    const first = (x: Tensor) => new nn.RNN(2, 3, { dtype: 'float64' }).forward(x)[0].select(0, 0).sum()
    const slopes = grad(first)(f64(3, 1, 2))
    expect(slopes.select(0, 1).abs().sum().item()).toBe(0)
    expect(layer.forward(ones([1, 1, 2], { dtype: 'float64' }))[0].shape).toEqual([1, 1, 6])
  })
})
