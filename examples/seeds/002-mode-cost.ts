/**
 * Article 002, listing of "Forward vs. Reverse Mode Autodiff": how many passes all derivatives of a function take in
 * either mode. The article puts the cost of reverse mode at twice the forward pass in one place and at two to three
 * times in another: going back costs about two, both ways together about three.
 */
import { manualSeed, randn, type Tensor } from 'chainrule'
import { modeCost, modePasses } from 'chainrule/explain'
import { fixed, grouped } from './format.ts'

for (const [what, inputs, outputs] of [
  ['a million weights, one loss', 1e6, 1],
  ['GPT-3, 175 billion weights, one loss', 175e9, 1],
  ['one input, a thousand outputs', 1, 1000],
] as const) {
  const { forward, reverse, winner } = modePasses(inputs, outputs)
  console.log(`${what}: forward mode ${grouped(forward)}, reverse mode ${grouped(reverse)} (${winner} wins)`)
}

manualSeed(0)
const x = randn([16, 32])
const weights = [randn([32, 32]), randn([32, 32]), randn([32, 32])]
const loss = (...weights: Tensor[]): Tensor => weights.reduce((h, w) => h.matmul(w).tanh(), x).sum()

const { inputs, operations, jacobian } = modeCost(loss, weights, { budget: 0 })
const inForwardPasses = (count: number): string => fixed(count / operations.evaluation.total, 1)
console.log(`\nA network of ${grouped(inputs)} weights, its costs counted in forward passes:`)
console.log(`going back: ${inForwardPasses(operations.pullback.total)}`)
console.log(`all gradients by reverse mode: ${inForwardPasses(jacobian.reverse.operations)}`)
console.log(`all gradients by forward mode: ${inForwardPasses(jacobian.forward.operations)}`)
