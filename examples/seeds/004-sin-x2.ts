/**
 * Article 004, first listing: h(x) = sin(x²) at x = 2 by the chain rule and by a central difference. The article says
 * that both print -2.614575, 1.77e-10 apart: 4 cos 4 prints as -2.614574, and a difference with so small a step is off
 * by some 1e-9.
 */
import { grad, type Tensor, tensor } from 'chainrule'
import { fixed, float, scientific } from './format.ts'

const g = (x: Tensor): Tensor => x.square()
const f = (u: Tensor): Tensor => u.sin()
const h = (x: Tensor): Tensor => f(g(x))

const byChainRule = (x: Tensor): Tensor => grad(f)(g(x)).mul(grad(g)(x))

function numericalDerivative(f: (x: Tensor) => Tensor, x: Tensor, epsilon = 1e-7): Tensor {
  return f(x.add(epsilon))
    .sub(f(x.sub(epsilon)))
    .div(2 * epsilon)
}

const x = tensor(2, { dtype: 'float64' })
const analytical = byChainRule(x)
const numerical = numericalDerivative(h, x)
console.log(`x = ${float(x)}`)
console.log(`h(x) = sin(x²) = ${fixed(h(x), 6)}`)
console.log(`Analytical derivative (chain rule): ${fixed(analytical, 6)}`)
console.log(`Numerical derivative: ${fixed(numerical, 6)}`)
console.log(`Difference: ${scientific(analytical.sub(numerical).abs(), 2)}`)
