/**
 * Article 002, listings of "Computational Graphs", "Forward Pass" and "Backward Pass": L = (w·x + b)², each value on the
 * way to the loss, then each gradient on the way back.
 */
import { tensor } from 'chainrule'

const w = tensor(2, { requiresGrad: true })
const x = tensor(3, { requiresGrad: true })
const b = tensor(1, { requiresGrad: true })

const z = w.mul(x).retainGrad()
const h = z.add(b).retainGrad()
const L = h.square().retainGrad()
console.log(`z = w × x = ${w.item()} × ${x.item()} = ${z.item()}`)
console.log(`h = z + b = ${z.item()} + ${b.item()} = ${h.item()}`)
console.log(`L = h² = ${h.item()}² = ${L.item()}`)

L.backward()
console.log(`\ndL/dL = ${L.grad!.item()}`)
console.log(`dL/dh = 2 × ${h.item()} = ${h.grad!.item()}`)
console.log(`dL/dz = ${h.grad!.item()} × 1 = ${z.grad!.item()}`)
console.log(`dL/db = ${h.grad!.item()} × 1 = ${b.grad!.item()}`)
console.log(`dL/dw = ${z.grad!.item()} × ${x.item()} = ${w.grad!.item()}`)
console.log(`dL/dx = ${z.grad!.item()} × ${w.item()} = ${x.grad!.item()}`)
console.log(`w gets ${w.grad!.div(b.grad!).item()}× more blame than b!`)
