/** Losses as modules: each is its function with the options it was made with, and no two are mixed up. */
import { describe, expect, it } from 'vitest'
import { type Tensor, tensor } from '../index.ts'
import * as nn from './index.ts'

const half = { reduction: 'sum' } as const
const probabilities = tensor([
  [0.2, 0.7],
  [0.6, 0.1],
])
const scores = tensor([
  [0.3, -1.2],
  [2, 0.4],
])
const target = tensor([
  [0, 1],
  [1, 0.5],
])
const classes = tensor([1, 0], { dtype: 'int32' })
const signs = tensor([1, -1])

const pairs: [module: { forward(...x: Tensor[]): Tensor }, loss: Tensor, inputs: Tensor[]][] = [
  [new nn.MSELoss(half), nn.mseLoss(scores, target, half), [scores, target]],
  [new nn.L1Loss(), nn.l1Loss(scores, target), [scores, target]],
  [new nn.SmoothL1Loss({ beta: 0.5 }), nn.smoothL1Loss(scores, target, { beta: 0.5 }), [scores, target]],
  [new nn.HuberLoss({ delta: 0.7 }), nn.huberLoss(scores, target, { delta: 0.7 }), [scores, target]],
  [new nn.BCELoss(), nn.bceLoss(probabilities, target), [probabilities, target]],
  [
    new nn.BCEWithLogitsLoss({ posWeight: signs.abs().mul(3) }),
    nn.bceWithLogits(scores, target, { posWeight: tensor([3, 3]) }),
    [scores, target],
  ],
  [
    new nn.CrossEntropyLoss({ labelSmoothing: 0.1 }),
    nn.crossEntropy(scores, classes, { labelSmoothing: 0.1 }),
    [scores, classes],
  ],
  [
    new nn.NLLLoss({ weight: tensor([1, 4]) }),
    nn.nllLoss(scores, classes, { weight: tensor([1, 4]) }),
    [scores, classes],
  ],
  [new nn.KLDivLoss({ logTarget: true }), nn.klDiv(scores, target, { logTarget: true }), [scores, target]],
  [
    new nn.HingeEmbeddingLoss({ margin: 2 }),
    nn.hingeEmbeddingLoss(scores.select(1, 0), signs, { margin: 2 }),
    [scores.select(1, 0), signs],
  ],
  [
    new nn.CosineEmbeddingLoss({ margin: 0.1 }),
    nn.cosineEmbeddingLoss(scores, target, signs, { margin: 0.1 }),
    [scores, target, signs],
  ],
]

describe('loss modules', () => {
  it.each(pairs.map(([module, loss, inputs]) => ({ name: module.constructor.name, module, loss, inputs })))(
    '$name',
    ({ module, loss, inputs }) => {
      expect(module.forward(...inputs).toArray()).toEqual(loss.toArray())
    },
  )

  it('differ from each other', () => {
    expect(new Set(pairs.map(([, loss]) => loss.item())).size).toBe(pairs.length)
  })
})
