/**
 * Article 002, listing "The Blame Chain in a Network": three layers, one weight each, and each weight's share of the
 * blame, from the loss back to the input. The article has symbols only; the numbers are ours.
 */
import { gradients, tensor } from 'chainrule'

const weight = (value: number) => tensor(value, { requiresGrad: true })
const x = tensor(2)
const [w1, w2, w3] = [0.5, -1.5, 2].map(weight)
const [b1, b2, b3] = [0.25, 0.5, -0.25].map(weight)

const h1 = w1.mul(x).add(b1)
const h2 = w2.mul(h1).add(b2)
const h3 = w3.mul(h2).add(b3)
const L = h3.sub(1).square()
console.log(`x = ${x.item()} → h₁ = ${h1.item()} → h₂ = ${h2.item()} → h₃ = ${h3.item()} → L = ${L.item()}`)

const blame = gradients(L, [w3, w2, w1])
for (const [i, g] of blame.entries())
  console.log(`How much did Layer ${3 - i} cause this? ∂L/∂w${'₃₂₁'[i]} = ${g!.item()}`)
