/**
 * Article 001, listing `chain_rule_basic.py`: h(x) = (3x + 1)² as f(g(x)), and its derivative as a product of two. The
 * end of the article's listing is lost; what follows the third line here is what its explanations say of it.
 */
import { grad, type Tensor, tensor } from 'chainrule'
import { fixed, float } from './format.ts'

const g = (x: Tensor): Tensor => x.mul(3).add(1) // inner: 3x + 1
const f = (u: Tensor): Tensor => u.square() // outer: u²
const h = (x: Tensor): Tensor => f(g(x))

const x = tensor(2, { dtype: 'float64' })
const u = g(x)
console.log(`x = ${float(x)}`)
console.log(`g(x) = 3*${float(x)} + 1 = ${float(u)}`)
console.log(`h(x) = f(g(x)) = ${float(u)}**2 = ${float(h(x))}`)

const dg = grad(g)(x)
const df = grad(f)(u) // at u = g(x), not at x
console.log(`\ndg/dx = ${float(dg)}`)
console.log(`df/du = 2*${float(u)} = ${float(df)}`)
console.log(`dh/dx = df/du * dg/dx = ${float(df)} * ${float(dg)} = ${float(df.mul(dg))}`)
console.log(`autograd: dh/dx = ${float(grad(h)(x))}`)

const step = 1e-7
const numerical = h(x.add(step)).sub(h(x)).div(step)
console.log(`numerical: dh/dx = ${fixed(numerical, 4)}`)
