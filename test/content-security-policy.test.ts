/**
 * Where code must not be made from strings (a Content-Security-Policy without 'unsafe-eval'), closures take its place. Node
 * has a switch for that; the built package is run under it and must print the same numbers as without.
 */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const program = `
  import { codeGeneration } from './dist/scalar/index.js'
  import { grad, hessian, manualSeed, randn, tensor } from './dist/index.js'
  import * as nn from './dist/nn/index.js'
  import * as optim from './dist/optim/index.js'
  manualSeed(1)
  const model = new nn.Sequential(new nn.Linear(3, 8), new nn.GELU(), new nn.LayerNorm(8), new nn.Linear(8, 2))
  const adam = new optim.Adam(model.parameters(), { lr: 0.1 })
  const [x, y] = [randn([4, 3]), tensor([0, 1, 1, 0], { dtype: 'int32' })]
  const losses = Array.from({ length: 5 }, () => {
    const loss = nn.crossEntropy(model.forward(x), y)
    adam.zeroGrad()
    loss.backward()
    adam.step()
    return loss.item()
  })
  const f = (v) => v.sin().mul(v.prod()).sum()
  const at = tensor([0.5, -1, 2], { dtype: 'float64' })
  const numbers = { losses, gradient: grad(f)(at).toArray(), hessian: hessian(f)(at).toArray() }
  console.log(JSON.stringify({ generated: codeGeneration.allowed(), numbers }))
`

const run = (...flags: string[]) =>
  JSON.parse(
    execFileSync(process.execPath, [...flags, '--input-type=module', '-e', program], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      encoding: 'utf8',
    }),
  )

it('gives the same numbers without code generation', () => {
  const [free, strict] = [run(), run('--disallow-code-generation-from-strings')]
  expect([free.generated, strict.generated]).toEqual([true, false])
  expect(strict.numbers).toEqual(free.numbers)
})
