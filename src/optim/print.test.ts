/** What is printed, and what options in the wrong place are told. */
import { expect, it } from 'vitest'
import { ones } from '../tensor/index.ts'
import * as optim from './index.ts'

it('prints optimizers as PyTorch does, schedulers in a line', () => {
  const optimizer = new optim.SGD([{ params: ones([2]) }, { params: ones([1]), lr: 1 }], { lr: 0.1, momentum: 0.9 })
  const group = (i: number, lr: number) =>
    `Parameter Group ${i}\n    dampening: 0\n    lr: ${lr}\n    maximize: false\n    momentum: 0.9\n    nesterov: false\n    weightDecay: 0\n`
  expect(String(optimizer)).toBe(`SGD (\n${group(0, 0.1)}\n${group(1, 1)})`)
  expect(String(new optim.Adam([ones([1])]))).toMatch(/betas: \[0\.9, 0\.999\]/)
  expect(String(new optim.StepLR(optimizer, { stepSize: 2 }))).toBe(
    'StepLR(stepSize=2, gamma=0.1, lastEpoch=0, lr=[0.1, 1])',
  )
  expect(String(new optim.ReduceLROnPlateau(optimizer))).toMatch(/^ReduceLROnPlateau\(mode='min', .*lr=\[0\.1, 1\]\)$/)
})

it('says where options go', () => {
  const optimizer = new optim.SGD([ones([2])])
  expect(() => new optim.SGD([ones([2])], 0.1 as never)).toThrow(/SGD: options come last .* \{ lr: 0\.1 \}; got 0\.1/)
  expect(() => new optim.StepLR(optimizer, 30 as never)).toThrow(/StepLR: .* \{ stepSize: 30 \}/)
  expect(() => optimizer.zeroGrad(false as never)).toThrow(/SGD\.zeroGrad: .* \{ setToNone: false \}/)
})
