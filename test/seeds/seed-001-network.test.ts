/** Article 001, "Scaling to the Full Network": 4 → 3 → 4, where dead neurons and zero inputs stop gradients. */
import { expect } from 'vitest'
import { type Tensor, tensor } from '../../src/index.ts'
import * as optim from '../../src/optim/index.ts'
import { float64, gradientsOf, seedCase } from './cases.ts'

/** Weights stand as [in, out]; the loss is the mean of squares. */
function network({ x, y, W1, b1, W2, b2 }: Record<string, Tensor>) {
  const z1 = x.matmul(W1).add(b1)
  const h = z1.relu()
  const yhat = h.matmul(W2).add(b2)
  return { z1, h, yhat, L: yhat.sub(y).square().mean() }
}

/** Swaps the two elements of a 2 × 2 picture that lie off its diagonal. */
const diagonalFlip = (x: Tensor): Tensor => x.reshape([2, 2]).T.reshape([4])

const isZero = (x: Tensor): boolean => x.ne(0).any().item() === 0

/** What closed gates and inputs of 0 do to the gradients. */
function checkBlocked(x: Tensor, z1: Tensor, gradients: Record<string, Tensor>): void {
  for (const [i, value] of x.data.entries())
    if (value === 0) expect(isZero(gradients.W1.at(i)), `row ${i} of dW1`).toBe(true)
  for (const [j, value] of z1.data.entries()) {
    if (value > 0) continue
    expect(isZero(gradients.W1.T.at(j)), `column ${j} of dW1`).toBe(true)
    expect(gradients.b1.at(j).item(), `db1[${j}]`).toBe(0)
    expect(isZero(gradients.W2.at(j)), `row ${j} of dW2`).toBe(true)
  }
}

seedCase('s001-full-4-3-4', (subject) => {
  const leaves = subject.leaves()
  const { x, y, W1, b1, W2, b2 } = leaves
  const values = network(leaves)
  const found = gradientsOf(values.L, { x, W1, b1, W2, b2 })
  checkBlocked(x, values.z1, found)
  expect(diagonalFlip(x).toArray()).toEqual(y.toArray())
  const parameters = [W1, b1, W2, b2]
  subject.check(
    {
      forward: values,
      gradients: found,
      other: {
        adjoints: gradientsOf(values.L, values),
        aliveHidden: values.z1.gt(0),
        zeroInputRows: Array.from(x.data, (value, i) => (value === 0 ? i : -1)).filter((i) => i >= 0),
        shapes: { W1: W1.shape, b1: b1.shape, W2: W2.shape, b2: b2.shape },
        parameterCount: parameters.reduce((sum, { size }) => sum + size, 0),
      },
    },
    ['other.diagonalFlip'],
  )
})

seedCase('s001-full-4-3-4-toggles', (subject) => {
  const { W1, b1, W2, b2 } = subject.leaves()
  const rows = Array.from({ length: 16 }, (_, bits) => {
    const x = tensor(
      [3, 2, 1, 0].map((place) => (bits >> place) & 1),
      float64,
    )
    const y = diagonalFlip(x)
    const { z1, yhat, L } = network({ x, y, W1, b1, W2, b2 })
    const found = gradientsOf(L, { W1, b1, W2, b2 })
    checkBlocked(x, z1, found)
    if (bits === 0) expect(isZero(found.W1)).toBe(true)
    return { x, y, z1, yhat, L }
  })
  subject.check({ other: { rows } }, ['other.invariants'])
})

seedCase('s001-full-4-3-4-sourcebook', (subject) => {
  const leaves = subject.leaves()
  const { W1, b1, W2, b2 } = leaves
  const values = network(leaves)
  // 0.2 + 0.1 - 0.4 + 0.1 is 0 by hand and just above it in float64, which opens the gate
  expect(values.z1.at(0).item()).toBeGreaterThan(0)
  expect(values.z1.at(0).item()).toBeLessThan(1e-16)
  const found = gradientsOf(values.L, { W1, b1, W2, b2 })
  values.L.backward()
  new optim.SGD([W1, b1, W2, b2], { lr: subject.number('lr') }).step()
  subject.check({
    forward: values,
    gradients: found,
    other: { update: { W2row2: W2.at(2), b2, W1col2: W1.T.at(2) } },
  })
})
