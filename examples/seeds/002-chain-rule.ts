/**
 * Article 002, listing of "The Chain Rule — Multiplying Blame": f(x) = (3x + 2)² at x = 1, one link of the chain after
 * the other.
 */
import { grad, type Tensor, tensor } from 'chainrule'

const inner = (x: Tensor): Tensor => x.mul(3).add(2)
const outer = (u: Tensor): Tensor => u.square()

const x = tensor(1)
const u = inner(x)
const [df, du] = [grad(outer)(u), grad(inner)(x)]
console.log(`u = 3x + 2 = ${u.item()}`)
console.log(`f = u² = ${outer(u).item()}`)
console.log(`df/dx = df/du × du/dx = ${df.item()} × ${du.item()} = ${df.mul(du).item()}`)
console.log(`autograd: df/dx = ${grad((x: Tensor) => outer(inner(x)))(x).item()}`)
