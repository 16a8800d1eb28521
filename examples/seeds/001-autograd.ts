/**
 * Article 001, listing `pytorch_autograd.py`: the network of `001-two-layers.ts` with one call of `backward()`, and the
 * gradients that were found by hand.
 */
import { tensor } from 'chainrule'
import { fixed } from './format.ts'

const x = tensor(3)
const w1 = tensor(0.5, { requiresGrad: true })
const b1 = tensor(0, { requiresGrad: true })
const w2 = tensor(2, { requiresGrad: true })
const b2 = tensor(-1, { requiresGrad: true })
const target = tensor(4)

const z1 = w1.mul(x).add(b1)
const h = z1.relu()
const z2 = w2.mul(h).add(b2)
const y = z2
const loss = y.sub(target).pow(2)
console.log(`z1 = ${fixed(z1, 4)}`)
console.log(`h = ${fixed(h, 4)}`)
console.log(`y = ${fixed(y, 4)}`)
console.log(`loss = ${fixed(loss, 4)}`)

loss.backward()
console.log('\n--- Gradients (PyTorch autograd) ---')
console.log(`dloss/dw1 = ${fixed(w1.grad!, 4)}`)
console.log(`dloss/db1 = ${fixed(b1.grad!, 4)}`)
console.log(`dloss/dw2 = ${fixed(w2.grad!, 4)}`)
console.log(`dloss/db2 = ${fixed(b2.grad!, 4)}`)

console.log('\n--- Manual values ---')
console.log('dloss/dw1 = -24.0')
console.log('dloss/db1 = -8.0')
console.log('dloss/dw2 = -6.0')
console.log('dloss/db2 = -4.0')
