/**
 * Losses of classification. For a class t the loss is -log p[t], picked out of the logarithms of the probabilities; so
 * the common case is four operations: log-softmax, gather, sum, division. Targets to be ignored are replaced by class
 * 0 and chosen away afterwards, by `where` and not by a factor 0, which an infinity would turn into NaN.
 */

import { toDense } from '../../backends/js/layout.ts'
import { IndexError } from '../../errors/index.ts'
import { add, castTo, div, eq, mul, ne, sub, where } from '../../ops/elementwise/index.ts'
import { sum } from '../../ops/reduce/sum.ts'
import { gather } from '../../ops/routine/gather.ts'
import { indexSelect } from '../../ops/routine/indexSelect.ts'
import { reshape } from '../../ops/view/reshape.ts'
import { readable, type Tensor } from '../../tensor/index.ts'
import { type LossOptions, type Reduction, requireElements } from './reduction.ts'

export interface ClassOptions extends LossOptions {
  /** A factor per class, [classes]. The mean is then the weighted mean. */
  readonly weight?: Tensor
  /** Targets of this value count for nothing; -100 unless given. */
  readonly ignoreIndex?: number
}

export interface Setting {
  readonly name: string
  readonly weight: Tensor | undefined
  readonly ignoreIndex: number
  readonly reduction: Reduction
  readonly labelSmoothing: number
}

/** The dimension of the classes: [classes] or [n, classes, ...]. */
export const classDim = (x: Tensor): number => (x.ndim === 1 ? 0 : 1)

/** -(1 - ε) w[t] log p[t] - ε / C Σ w[c] log p[c], for ε = labelSmoothing. */
export function classLoss(logp: Tensor, target: Tensor, setting: Setting): Tensor {
  const { name, weight, reduction, labelSmoothing } = setting
  const dim = classDim(logp)
  const { index, kept, count } = readTargets(name, target, logp.shape[dim], setting.ignoreIndex)
  const column = logp.shape.map((n, d) => (d === dim ? 1 : n))
  const at = reshape(index, column)
  const mask = kept && reshape(kept, column)
  const factor = weight && keep(mask, reshape(indexSelect(weight, 0, reshape(index, [-1])), column))
  let picked = gather(logp, dim, at)
  if (factor) picked = mul(picked, factor)
  let scores = keep(mask, picked)
  if (labelSmoothing > 0) {
    const all = sum(
      weight
        ? mul(
            logp,
            reshape(
              weight,
              logp.shape.map((n, d) => (d === dim ? n : 1)),
            ),
          )
        : logp,
      dim,
      { keepdim: true },
    )
    scores = add(mul(scores, 1 - labelSmoothing), mul(keep(mask, all), labelSmoothing / logp.shape[dim]))
  }
  if (reduction === 'none') return negated(reshape(scores, target.shape))
  if (reduction === 'sum') return negated(sum(scores))
  requireElements(name, target)
  if (factor) return mean(scores, sum(factor))
  return mean(scores, count ?? sum(castTo(mask!, logp.dtype)))
}

/** A loss of 0 is 0, not the -0 that `neg` would make of it. */
export const negated = (x: Tensor): Tensor => sub(0, x)

const keep = (mask: Tensor | null, x: Tensor): Tensor => (mask ? where(mask, x, 0) : x)

/**
 * -Σ scores / total. With nothing to take the mean of, 0 / 0, the loss is NaN, and yet nothing depends on the scores:
 * the division is then by 1, which sends back 0, and the NaN is a constant.
 */
function mean(scores: Tensor, total: Tensor | number): Tensor {
  const all = negated(sum(scores))
  if (typeof total === 'number') return total === 0 ? add(all, NaN) : div(all, total)
  const none = eq(total, 0)
  return add(div(all, where(none, 1, total)), where(none, NaN, 0))
}

interface Targets {
  /** The classes, with 0 in place of those to be ignored. */
  readonly index: Tensor
  /** Which are not to be ignored; null where that is known to be all. */
  readonly kept: Tensor | null
  /** How many are not; null where values cannot be read. */
  readonly count: number | null
}

function readTargets(name: string, target: Tensor, classes: number, ignoreIndex: number): Targets {
  let count: number | null = null
  if (readable(target)) {
    count = 0
    for (const t of toDense(target)) {
      if (t === ignoreIndex) continue
      if (t < 0 || t >= classes) {
        throw new IndexError(
          `${name}: target ${t} is not one of the ${classes} classes 0 to ${classes - 1}, nor ignoreIndex ${ignoreIndex}`,
        )
      }
      count++
    }
    if (count === target.size) return { index: target, kept: null, count }
  }
  const kept = ne(target, ignoreIndex)
  return { index: where(kept, target, 0), kept, count }
}
