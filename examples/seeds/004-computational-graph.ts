/**
 * Article 004, third listing: y = σ(w1 x1 + w2 x2) and a squared error, its gradients by the chain rule and by central
 * differences. The article's class reads w2 from a global variable when it goes back, so that it is wrong for every
 * other w2. A tape cannot do that: it holds the values that went in.
 */
import { gradients, type Tensor, tensor } from 'chainrule'
import { fixed } from './format.ts'

type Values = Record<'w1' | 'w2' | 'x1' | 'x2', Tensor>

function loss({ w1, w2, x1, x2 }: Values, target: number): Tensor {
  const z = w1.mul(x1).add(w2.mul(x2))
  const y = z.sigmoid()
  return y.sub(target).square()
}

function numericalGradient(name: keyof Values, values: Values, target: number, eps = 1e-5): number {
  const at = (value: Tensor): number => loss({ ...values, [name]: value }, target).item()
  return (at(values[name].add(eps)) - at(values[name].sub(eps))) / (2 * eps)
}

const leaf = (value: number): Tensor => tensor(value, { dtype: 'float64', requiresGrad: true })
const values: Values = { w1: leaf(0.3), w2: leaf(-0.2), x1: leaf(0.5), x2: leaf(0.8) }
const target = 0.7
const names = Object.keys(values) as (keyof Values)[]

const L = loss(values, target)
const analytical = gradients(L, Object.values(values))
console.log(`Input: x1=${values.x1.item()}, x2=${values.x2.item()}`)
console.log(`Weights: w1=${values.w1.item()}, w2=${values.w2.item()}`)
console.log(`Target: ${target}`)
console.log(`Loss: ${fixed(L, 6)}`)

console.log('\nAnalytical gradients (chain rule):')
for (const [i, name] of names.entries()) console.log(`  dL_d${name}: ${fixed(analytical[i]!, 6)}`)

console.log('\nNumerical gradients (verification):')
for (const name of names) console.log(`  dL_d${name}: ${fixed(numericalGradient(name, values, target), 6)}`)
