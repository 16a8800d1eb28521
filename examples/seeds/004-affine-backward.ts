/**
 * Article 004, fifth listing: the backward pass of Y = XW + b written by hand. Here it becomes an operation of its own,
 * and the checker compares it with central differences, then with the gradients of the built-in operations. The
 * article's text gives b the shape [1, M], its code [M]; both work here.
 */
import { checkGradients, defineFunction, gradients, manualSeed, randn, type Tensor } from 'chainrule'
import { scientific } from './format.ts'

/** @param dY [N, M] @returns dX [N, D], dW [D, M] and db of b's shape */
function affineBackward(dY: Tensor, X: Tensor, W: Tensor, b: Tensor): [Tensor, Tensor, Tensor] {
  const db = dY.sum(0).reshape(b.shape) // every row of Y adds the same b
  const dW = X.T.matmul(dY) // [D, N] @ [N, M]
  const dX = dY.matmul(W.T) // [N, M] @ [M, D]
  return [dX, dW, db]
}

const affine = defineFunction({
  name: 'affine',
  forward(ctx, X: Tensor, W: Tensor, b: Tensor) {
    ctx.saveForBackward(X, W, b)
    return X.matmul(W).add(b)
  },
  backward(ctx, dY: Tensor) {
    const [X, W, b] = ctx.savedTensors
    return affineBackward(dY, X, W, b)
  },
})

manualSeed(0)
const [N, D, M] = [2, 3, 4]
for (const shape of [[M], [1, M]]) {
  const options = { dtype: 'float64', requiresGrad: true } as const
  const inputs = [randn([N, D], options), randn([D, M], options), randn(shape, options)]
  const [X, W, b] = inputs
  const dY = randn([N, M], { dtype: 'float64' })

  const byHand = affineBackward(dY, X, W, b)
  const autograd = gradients(X.matmul(W).add(b), inputs, { gradOutputs: dY })
  console.log(`b ${JSON.stringify(shape)}: gradients right: ${checkGradients(affine, inputs).ok}`)
  for (const [i, name] of ['dX', 'dW', 'db'].entries()) {
    const error = byHand[i].sub(autograd[i]!).abs().max()
    console.log(`  ${name} ${JSON.stringify(byHand[i].shape)}, error ${scientific(error, 2)}`)
  }
}
