import { expect, it } from 'vitest'
import { manualSeed, noGrad, ones, tensor } from '../../index.ts'
import * as nn from '../../nn/index.ts'
import { traceGradients } from './trace-gradients.ts'

it('prints norms from the output to the input', () => {
  manualSeed(0)
  const model = new nn.Sequential(new nn.Linear(2, 1), new nn.ReLU(), new nn.Linear(1, 1))
  noGrad(() => {
    ;(model[0] as nn.Linear).weight.assign(tensor([[3, 4]]))
    ;(model[2] as nn.Linear).weight.fill_(1e-3)
  })
  model
    .forward(ones([1, 2]))
    .sum()
    .backward()
  const found = traceGradients(model)
  const bias = (model[0] as nn.Linear).bias!.item()
  expect(found.norms.map(({ key }) => key)).toEqual(['2.bias', '2.weight', '0.bias', '0.weight'])
  expect(found.norms[1].norm).toBeCloseTo(7 + bias, 5)
  const lines = found
    .toText()
    .split('\n')
    .map((line) => line.trim())
  expect(lines).toContain('0.bias                        : 1.00e-03')
  expect(lines).toContain('0.weight                      : 1.41e-03')
  expect(found.toSvg()).toContain('<svg')
  expect(JSON.parse(JSON.stringify(found))).toMatchObject({ format: 'chainrule-gradient-trace', version: 1 })
})

it('says where there is none', () => {
  const model = new nn.Linear(1, 1)
  expect(traceGradients(model).toText()).toContain(`${'weight'.padEnd(30)}: none`)
  expect(() => traceGradients({} as never)).toThrow('traceGradients: takes a module, got object')
})
