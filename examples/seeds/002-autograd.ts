/**
 * Article 002, listing of "PyTorch Autograd — Automatic Backprop": the network of `002-two-layers.ts`, its gradients
 * from one call.
 */
import { tensor } from 'chainrule'

const x = tensor(2)
const y = tensor(1)
const w1 = tensor(0.5, { requiresGrad: true })
const w2 = tensor(-0.3, { requiresGrad: true })

const z1 = w1.mul(x)
const a1 = z1.relu()
const z2 = w2.mul(a1)
const L = z2.sub(y).pow(2)

L.backward()
console.log(`w1.grad = ${w1.grad}`)
console.log(`w2.grad = ${w2.grad}`)
