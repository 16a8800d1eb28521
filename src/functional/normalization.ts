/**
 * Normalisation: values less their mean, over their standard deviation, along some dimensions; the four layers differ
 * only in which. The variance is that of the centred values, E (x - E x)², which unlike E x² - (E x)² cannot cancel.
 */
import { ArgumentError, checkOptions, ShapeError } from '../errors/index.ts'
import { requireFloating } from '../ops/dtype.ts'
import { add, lerp, mul, rsqrt, square, sub } from '../ops/elementwise/index.ts'
import { sameShape, shapeText } from '../ops/shape.ts'
import { reshape } from '../ops/view/reshape.ts'
import { assign, composite, type Tensor, withoutRecording } from '../tensor/index.ts'
import { mean } from './reductions/index.ts'
import { requireTensor } from './shape/operand.ts'

type Optional = Tensor | null | undefined

export interface NormOptions {
  /** Added to the variance, so that a constant row is divided by something. */
  readonly eps?: number
}

const KEEP = { keepdim: true }

/** (x - mean) / sqrt(variance + eps), and the two. */
function standardize(x: Tensor, axes: readonly number[], eps: number): { y: Tensor; mean: Tensor; variance: Tensor } {
  const center = mean(x, axes, KEEP)
  const centered = sub(x, center)
  const variance = mean(square(centered), axes, KEEP)
  return { y: mul(centered, rsqrt(add(variance, eps))), mean: center, variance }
}

function affine(y: Tensor, weight: Optional, bias: Optional): Tensor {
  const scaled = weight ? mul(y, weight) : y
  return bias ? add(scaled, bias) : scaled
}

/** The last dimensions, which must be those of `shape`. */
function trailing(name: string, x: Tensor, shape: readonly number[], ...parameters: Optional[]): number[] {
  requireTensor(name, x)
  requireFloating(name, x.dtype)
  if (shape.length === 0) throw new ShapeError(`${name}: the shape to normalise over must have at least one dimension`)
  if (x.ndim < shape.length || !sameShape(x.shape.slice(-shape.length), shape)) {
    throw new ShapeError(`${name}: the input ${shapeText(x.shape)} must end in the dimensions ${shapeText(shape)}`)
  }
  for (const p of parameters) {
    if (p && !sameShape(p.shape, shape))
      throw new ShapeError(`${name}: weight and bias must be ${shapeText(shape)}, got ${shapeText(p.shape)}`)
  }
  return shape.map((_, d) => x.ndim - shape.length + d)
}

const shapeOf = (shape: number | readonly number[]): readonly number[] => (typeof shape === 'number' ? [shape] : shape)

/**
 * (x - E x) / sqrt(Var x + eps) · weight + bias over the last dimensions (Ba et al. 2016). eps is 1e-5 unless given.
 * @param normalizedShape the sizes of these dimensions, also the shape of weight and bias.
 * @throws ShapeError where x does not end in normalizedShape.
 * @example layerNorm(tensor([[1, 3]]), [2]) // [[-1, 1]]
 */
export const layerNorm = composite(
  'layerNorm',
  (
    x: Tensor,
    normalizedShape: number | readonly number[],
    weight?: Optional,
    bias?: Optional,
    options: NormOptions = {},
  ): Tensor => {
    checkOptions('layerNorm', options, ['eps'])
    const axes = trailing('layerNorm', x, shapeOf(normalizedShape), weight, bias)
    return affine(standardize(x, axes, options.eps ?? 1e-5).y, weight, bias)
  },
)

/**
 * x / sqrt(E x² + eps) · weight over the last dimensions (Zhang and Sennrich 2019).
 * eps is the distance of 1 to the next number of x's dtype unless given, as in PyTorch.
 * @param normalizedShape the sizes of these dimensions, also the shape of weight.
 * @throws ShapeError where x does not end in normalizedShape.
 * @example rmsNorm(tensor([[1, 7]]), [2]) // [[0.2, 1.4]]
 */
export const rmsNorm = composite(
  'rmsNorm',
  (x: Tensor, normalizedShape: number | readonly number[], weight?: Optional, options: NormOptions = {}): Tensor => {
    checkOptions('rmsNorm', options, ['eps'])
    const axes = trailing('rmsNorm', x, shapeOf(normalizedShape), weight)
    const eps = options.eps ?? (x.dtype === 'float64' ? 2 ** -52 : 2 ** -23)
    return affine(mul(x, rsqrt(add(mean(square(x), axes, KEEP), eps))), weight, undefined)
  },
)

/** One value per channel, to be broadcast against [n, channels, ...]. */
function perChannel(name: string, x: Tensor, parameter: Optional): Tensor | undefined {
  if (!parameter) return undefined
  if (!sameShape(parameter.shape, [x.shape[1]])) {
    throw new ShapeError(
      `${name}: an input ${shapeText(x.shape)} needs one value per channel, [${x.shape[1]}], got ${shapeText(parameter.shape)}`,
    )
  }
  return reshape(parameter, [-1, ...new Array<number>(x.ndim - 2).fill(1)])
}

function requireChannels(name: string, x: Tensor): void {
  requireTensor(name, x)
  requireFloating(name, x.dtype)
  if (x.ndim < 2) throw new ShapeError(`${name}: takes [n, channels, ...], got ${shapeText(x.shape)}`)
}

export interface BatchNormOptions extends NormOptions {
  /** Normalise by the batch and move the running statistics; false unless given. */
  readonly training?: boolean
  /** The share of the batch in the running statistics; 0.1 unless given. */
  readonly momentum?: number | Tensor
}

/**
 * (x - mean) / sqrt(variance + eps) · weight + bias per channel (Ioffe and Szegedy 2015), over the batch in training
 * (or without running statistics), else by the running statistics. eps is 1e-5 unless given.
 * @param x [n, channels, ...].
 * @param runningMean [channels], as runningVar; both are moved in place in training, the variance by its unbiased form.
 * @throws ShapeError where shapes do not fit, or in training for a single value per channel.
 * @example batchNorm(tensor([[1], [3]]), null, null) // [[-1], [1]]
 */
export const batchNorm = composite(
  'batchNorm',
  (
    x: Tensor,
    runningMean: Optional,
    runningVar: Optional,
    weight?: Optional,
    bias?: Optional,
    options: BatchNormOptions = {},
  ): Tensor => {
    const name = 'batchNorm'
    checkOptions(name, options, ['eps', 'training', 'momentum'])
    const { eps = 1e-5, training = false, momentum = 0.1 } = options
    requireChannels(name, x)
    const [w, b, m, v] = [weight, bias, runningMean, runningVar].map((p) => perChannel(name, x, p))
    if ((m === undefined) !== (v === undefined))
      throw new ArgumentError(`${name}: needs both runningMean and runningVar, or none of them`)
    if (!training && m && v) return affine(mul(sub(x, m), rsqrt(add(v, eps))), w, b)
    const count = x.size / x.shape[1]
    if (training && !(count > 1)) {
      throw new ShapeError(
        `${name}: in training a channel needs more than one value, the input is ${shapeText(x.shape)}; use a larger batch or eval()`,
      )
    }
    const axes = x.shape.map((_, d) => d).filter((d) => d !== 1)
    const batch = standardize(x, axes, eps)
    if (training && m && v) {
      withoutRecording(() => {
        const unbiased = mul(reshape(batch.variance, [-1]), count / (count - 1))
        const [toMean, toVar] = [
          lerp(runningMean!, reshape(batch.mean, [-1]), momentum),
          lerp(runningVar!, unbiased, momentum),
        ]
        assign(runningMean!, toMean)
        assign(runningVar!, toVar)
      })
    }
    return affine(batch.y, w, b)
  },
)

/**
 * (x - E x) / sqrt(Var x + eps) per sample and group of channels, then weight and bias per channel (Wu and He 2018).
 * eps is 1e-5 unless given.
 * @param x [n, channels, ...]; groups must divide the channels.
 * @throws ShapeError where shapes do not fit, ArgumentError where groups do not divide the channels.
 * @example groupNorm(tensor([[1, 3, 10, 30]]), 2) // [[-1, 1, -1, 1]]
 */
export const groupNorm = composite(
  'groupNorm',
  (x: Tensor, groups: number, weight?: Optional, bias?: Optional, options: NormOptions = {}): Tensor => {
    checkOptions('groupNorm', options, ['eps'])
    requireChannels('groupNorm', x)
    const [n, channels] = x.shape
    if (!Number.isInteger(groups) || groups < 1 || channels % groups !== 0) {
      throw new ArgumentError(
        `groupNorm: groups must divide the ${channels} channels of ${shapeText(x.shape)}, got ${String(groups)}`,
      )
    }
    const [w, b] = [weight, bias].map((p) => perChannel('groupNorm', x, p))
    const grouped = reshape(x, [n, groups, x.size === 0 ? 0 : x.size / (n * groups)])
    return affine(reshape(standardize(grouped, [2], options.eps ?? 1e-5).y, x.shape), w, b)
  },
)
