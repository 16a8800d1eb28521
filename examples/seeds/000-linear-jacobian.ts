/**
 * Article 000, listing "The Jacobian for Layers": the gradients of a linear layer z = x Wᵀ + b against the formulas.
 * The article's text gives dL/dW as xᵀ δ, which is the transpose of the gradient of a W stored as [out, in]; its
 * listing has it right, δᵀ x. Its random numbers have no seed, so any will do.
 */
import { manualSeed, ones, randn, type Tensor } from 'chainrule'
import { scientific } from './format.ts'

manualSeed(0)
const [batch, inputs, outputs] = [4, 3, 5]
const x = randn([batch, inputs], { requiresGrad: true })
const W = randn([outputs, inputs], { requiresGrad: true })
const b = randn([outputs], { requiresGrad: true })

const z = x.matmul(W.T).add(b)
const L = z.sum()
L.backward()

const delta = ones([batch, outputs]) // dL/dz = 1, since L is the sum
const dW = delta.T.matmul(x)
const db = delta.sum(0)
const dx = delta.matmul(W)

const largest = (error: Tensor): string => scientific(error.abs().max(), 2)
console.log(`dW error: ${largest(W.grad!.sub(dW))}`)
console.log(`db error: ${largest(b.grad!.sub(db))}`)
console.log(`dx error: ${largest(x.grad!.sub(dx))}`)
