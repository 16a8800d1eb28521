/**
 * Article 000, listing "Single Neuron: Chain Rule Step by Step": the gradients of a sigmoid neuron from `backward()`,
 * and the same ones multiplied by hand. z is exactly 0 here, where the sigmoid is steepest.
 */
import { tensor } from 'chainrule'
import { fixed } from './format.ts'

const x = tensor(2)
const w = tensor(0.5, { requiresGrad: true })
const b = tensor(-1, { requiresGrad: true })
const y = tensor(1)

const z = w.mul(x).add(b)
const a = z.sigmoid()
const L = a.sub(y).square()
console.log(`z = ${fixed(z, 4)}`)
console.log(`a = ${fixed(a, 4)}`)
console.log(`L = ${fixed(L, 4)}`)

L.backward()
console.log(`\nAutograd: dL/dw = ${fixed(w.grad!, 6)}`)
console.log(`Autograd: dL/db = ${fixed(b.grad!, 6)}`)

const dLda = 2 * (a.item() - y.item())
const dadz = a.item() * (1 - a.item())
const dzdw = x.item()
const dzdb = 1
console.log(`\nManual: dL/dw = ${fixed(dLda * dadz * dzdw, 6)}`)
console.log(`Manual: dL/db = ${fixed(dLda * dadz * dzdb, 6)}`)
