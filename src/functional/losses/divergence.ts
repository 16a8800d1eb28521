/** The Kullback-Leibler divergence from logarithms of probabilities, as softmax layers give them. */
import { checkOptions } from '../../errors/index.ts'
import { div } from '../../ops/elementwise/index.ts'
import { elementwise } from '../../ops/kinds/elementwise.ts'
import { sum } from '../../ops/reduce/sum.ts'
import * as s from '../../scalar/index.ts'
import { composite, type Tensor } from '../../tensor/index.ts'
import {
  checkReduction,
  type LossOptions,
  type Reduction,
  reduceLoss,
  requireElements,
  requirePair,
} from './reduction.ts'

const divergence = elementwise({
  name: 'divergence',
  args: ['input', 'target'],
  // p log p is 0 at p = 0, its limit
  formula: ({ input: q, target: p }) => s.select(s.eq(p, s.c(0)), s.c(0), s.mul(p, s.sub(s.log(p), q))),
  domain: { target: [0.1, 1] },
})

const logDivergence = elementwise({
  name: 'logDivergence',
  args: ['input', 'target'],
  formula: ({ input: q, target: p }) => {
    const share = s.exp(p)
    return s.select(s.eq(share, s.c(0)), s.c(0), s.mul(share, s.sub(p, q)))
  },
})

export interface KLDivOptions extends Omit<LossOptions, 'reduction'> {
  /** 'batchmean' divides the sum by the size of the first dimension: the divergence per sample. */
  readonly reduction?: Reduction | 'batchmean'
  /** Whether the target is given by its logarithm, too. */
  readonly logTarget?: boolean
}

/**
 * p (log p - q), reduced, for q = input the logarithm of a probability and p = target; 0 at p = 0.
 * The default 'mean' is per element, as in PyTorch; the divergence of distributions is 'batchmean'.
 * @param target of the shape of input; probabilities, or their logarithms with `logTarget`.
 * @throws ShapeError where the shapes differ or the mean is over nothing.
 * @example klDiv(tensor([[-1, -1]]), tensor([[0, 1]]), { reduction: 'batchmean' }) // 1
 */
export const klDiv = composite('klDiv', (input: Tensor, target: Tensor, options: KLDivOptions = {}): Tensor => {
  checkOptions('klDiv', options, ['reduction', 'logTarget'])
  const { reduction = 'mean', logTarget = false } = options
  checkReduction('klDiv', reduction, ['mean', 'sum', 'none', 'batchmean'])
  requirePair('klDiv', input, target)
  const losses = logTarget ? logDivergence(input, target) : divergence(input, target)
  if (reduction !== 'batchmean') return reduceLoss('klDiv', losses, reduction)
  requireElements('klDiv', losses)
  return div(sum(losses), input.shape[0] ?? 1)
})
