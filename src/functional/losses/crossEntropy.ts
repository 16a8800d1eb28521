/**
 * Cross-entropy of logits, with class indices or with probabilities as target, and its second half on its own. Through
 * log-softmax, which subtracts the largest logit, every loss is exact at any logit.
 */
import { ArgumentError, checkOptions, DTypeError, ShapeError } from '../../errors/index.ts'
import { isFloating, requireFloating } from '../../ops/dtype.ts'
import { add, div, mul } from '../../ops/elementwise/index.ts'
import { elementwise } from '../../ops/kinds/elementwise.ts'
import { sum } from '../../ops/reduce/sum.ts'
import { sameShape, shapeText } from '../../ops/shape.ts'
import { reshape } from '../../ops/view/reshape.ts'
import * as s from '../../scalar/index.ts'
import { composite, type Tensor } from '../../tensor/index.ts'
import { logSoftmax } from '../reductions/index.ts'
import { type ClassOptions, classDim, classLoss, negated, type Setting } from './classes.ts'
import { checkReduction, requireElements, requireTensors } from './reduction.ts'

export interface CrossEntropyOptions extends ClassOptions {
  /** The share of the target that is spread over all classes, in [0, 1]; 0 unless given. */
  readonly labelSmoothing?: number
}

/**
 * -log softmax(input)[target], reduced.
 * @param input logits [n, classes], [classes] or [n, classes, ...]; nothing overflows.
 * @param target int32 class indices, of input's shape without the classes; or probabilities, of input's shape.
 * @returns with 'mean' the (weighted) mean over the targets that are not ignored: NaN with a zero gradient if all are.
 * @throws IndexError for a target that is no class, ShapeError where shapes do not fit or the batch is empty.
 * @example crossEntropy(tensor([[0, 0], [0, 1000]]), tensor([0, 1], { dtype: 'int32' })) // 0.3466
 */
export const crossEntropy = composite(
  'crossEntropy',
  (input: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor => {
    const name = 'crossEntropy'
    checkOptions(name, options, ['weight', 'ignoreIndex', 'labelSmoothing', 'reduction'])
    requireTensors(name, input, target)
    const setting = settingOf(name, input, options)
    const probable = isFloating(target.dtype) && sameShape(target.shape, input.shape)
    if (!probable) requireClasses(name, input, target)
    const logp = logSoftmax(input, classDim(input))
    return probable ? probabilityLoss(logp, target, setting, options) : classLoss(logp, target, setting)
  },
)

/**
 * -input[target], reduced: the cross-entropy of logarithms of probabilities.
 * @param input [n, classes], [classes] or [n, classes, ...].
 * @param target int32 class indices, of input's shape without the classes.
 * @throws IndexError for a target that is no class, ShapeError where shapes do not fit or the batch is empty.
 * @example nllLoss(tensor([[-1, -2], [-3, -4]]), tensor([0, 1], { dtype: 'int32' })) // 2.5
 */
export const nllLoss = composite('nllLoss', (input: Tensor, target: Tensor, options: ClassOptions = {}): Tensor => {
  checkOptions('nllLoss', options, ['weight', 'ignoreIndex', 'reduction'])
  requireTensors('nllLoss', input, target)
  const setting = settingOf('nllLoss', input, options)
  requireClasses('nllLoss', input, target)
  return classLoss(input, target, setting)
})

function settingOf(name: string, input: Tensor, options: CrossEntropyOptions): Setting {
  const { weight, ignoreIndex = -100, labelSmoothing = 0, reduction = 'mean' } = options
  checkReduction(name, reduction)
  requireFloating(name, input.dtype)
  if (input.ndim === 0) throw new ShapeError(`${name}: the input needs a dimension of classes, got []`)
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ArgumentError(`${name}: labelSmoothing must lie in [0, 1], got ${String(labelSmoothing)}`)
  }
  const classes = input.shape[classDim(input)]
  if (classes === 0) throw new ShapeError(`${name}: there are no classes in ${shapeText(input.shape)}`)
  if (weight && !sameShape(weight.shape, [classes])) {
    throw new ShapeError(`${name}: weight must have one factor per class, [${classes}], got ${shapeText(weight.shape)}`)
  }
  return { name, weight, ignoreIndex, labelSmoothing, reduction }
}

function requireClasses(name: string, input: Tensor, target: Tensor): void {
  const expected = input.shape.filter((_, d) => d !== classDim(input))
  if (!sameShape(target.shape, expected)) {
    throw new ShapeError(
      `${name}: input ${shapeText(input.shape)} needs class indices ${shapeText(expected)}` +
        `${name === 'nllLoss' ? '' : ` or probabilities ${shapeText(input.shape)}`}, got a target ${shapeText(target.shape)}`,
    )
  }
  if (target.dtype !== 'int32') {
    throw new DTypeError(
      `${name}: class indices must be int32, got ${target.dtype}; make them with tensor(labels, { dtype: 'int32' })`,
    )
  }
}

const share = elementwise({
  name: 'share',
  args: ['p', 'logq'],
  // 0 log 0 = 0: a class that is impossible and does not occur costs nothing
  formula: ({ p, logq }) => s.select(s.eq(p, s.c(0)), s.c(0), s.mul(p, logq)),
  partials: ({ p, logq }) => ({ p: logq, logq: p }),
})

/** -Σ w[c] p[c] log q[c], with p pulled towards the uniform distribution by label smoothing. */
function probabilityLoss(logp: Tensor, target: Tensor, setting: Setting, options: CrossEntropyOptions): Tensor {
  const { name, weight, labelSmoothing, reduction } = setting
  if ((options.ignoreIndex ?? -1) >= 0)
    throw new ArgumentError(`${name}: ignoreIndex needs class indices, the target is made of probabilities`)
  const dim = classDim(logp)
  const classes = logp.shape[dim]
  const p = labelSmoothing > 0 ? add(mul(target, 1 - labelSmoothing), labelSmoothing / classes) : target
  const terms = share(p, logp)
  const scores = weight
    ? mul(
        terms,
        reshape(
          weight,
          logp.shape.map((n, d) => (d === dim ? n : 1)),
        ),
      )
    : terms
  if (reduction === 'none') return negated(sum(scores, dim))
  if (reduction === 'sum') return negated(sum(scores))
  requireElements(name, logp)
  return div(negated(sum(scores)), logp.size / classes)
}
