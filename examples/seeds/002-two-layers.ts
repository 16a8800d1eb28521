/**
 * Article 002, listing "Backprop Through a Real Layer": two layers with a ReLU between them, every gradient, and one
 * step of gradient descent.
 */
import { noGrad, tensor } from 'chainrule'
import * as optim from 'chainrule/optim'
import { fixed } from './format.ts'

const x = tensor(2, { dtype: 'float64' })
const y = tensor(1, { dtype: 'float64' })
const w1 = tensor(0.5, { dtype: 'float64', requiresGrad: true })
const w2 = tensor(-0.3, { dtype: 'float64', requiresGrad: true })

const z1 = w1.mul(x).retainGrad()
const a1 = z1.relu().retainGrad()
const z2 = w2.mul(a1).retainGrad()
const L = z2.sub(y).square()
console.log(`z1 = ${fixed(z1, 1)}, a1 = ${fixed(a1, 1)}, z2 = ${fixed(z2, 1)}, L = ${fixed(L, 2)}`)

L.backward()
console.log(`dL/dz2 = ${fixed(z2.grad!, 1)}`)
console.log(`dL/dw2 = ${fixed(w2.grad!, 1)}`)
console.log(`dL/da1 = ${fixed(a1.grad!, 2)}`)
console.log(`dL/dz1 = ${fixed(z1.grad!, 2)}`)
console.log(`dL/dw1 = ${fixed(w1.grad!, 2)}`)

const before = [fixed(w1, 1), fixed(w2, 1)]
new optim.SGD([w1, w2], { lr: 0.1 }).step()
console.log(`w1: ${before[0]} → ${fixed(w1, 3)}`)
console.log(`w2: ${before[1]} → ${fixed(w2, 2)}`)

const after = noGrad(() => w2.mul(w1.mul(x).relu()).sub(y).square())
console.log(`L: ${fixed(L, 2)} → ${fixed(after, 2)}`)
