/**
 * How the gradient fares in a deep network: one is built, run forward and backward on random data, and each layer says
 * what arrived there. Everything but the settings comes from one seed.
 */
import { gradients } from '../../autodiff/index.ts'
import { ArgumentError, checkOptions, GradError } from '../../errors/index.ts'
import { bceWithLogits, mseLoss } from '../../functional/losses/index.ts'
import { requireFlags } from '../../nn/settings.ts'
import { shown } from '../../ops/arguments.ts'
import { castTo } from '../../ops/elementwise/castTo.ts'
import { enableGrad, randint, randn, Tensor, zerosLike } from '../../tensor/index.ts'
import { type Activation, type Resolved, resolveActivation } from './activation.ts'
import { DepthStudy } from './depth-study.ts'
import {
  DeepNetwork,
  type Init,
  type Normalization,
  type Passage,
  requireInit,
  requireNormalization,
} from './network.ts'
import { withRandomState } from './random.ts'
import { requireCount, requireSeed } from './require.ts'
import { slopeProfile } from './slope-profile.ts'
import { largest, norm, sum } from './statistics.ts'

export interface DepthLabOptions {
  /** Hidden layers; 10 unless given. */
  readonly depth?: number
  /** Units per hidden layer; 32 unless given. */
  readonly width?: number
  /** The name of an op or a function; 'sigmoid' unless given. */
  readonly activation?: Activation
  /** How weights start; 'default' unless given. */
  readonly init?: Init
  /** Between a linear layer and its activation; 'none' unless given. */
  readonly normalization?: Normalization
  /** Whether each hidden layer adds its input to its result; false unless given. */
  readonly residual?: boolean
  /** Samples; 16 unless given. */
  readonly batch?: number
  /** Features of a sample; as many as the width unless given. */
  readonly inputs?: number
  /** Results of the network; 1 unless given. */
  readonly outputs?: number
  /** 'mse' against normal targets, 'bce' (of logits) against 0 and 1, or a scalar function of the output; 'mse' unless given. */
  readonly loss?: 'mse' | 'bce' | ((output: Tensor) => Tensor)
  /** 0 unless given. */
  readonly seed?: number
  /** 'float64' unless given; 'float32' shows where a gradient is too small for it. */
  readonly dtype?: 'float32' | 'float64'
}

/** One layer, the hidden ones first, then the output layer. */
export interface DepthLayer {
  /** 'layer 1', ..., 'output'. */
  readonly name: string
  /** Of the weight, [out, in]. */
  readonly shape: readonly number[]
  /** Of the elements of ∂L/∂W by magnitude, and their Euclidean norm. */
  readonly gradient: {
    readonly mean: number
    readonly smallest: number
    readonly largest: number
    readonly norm: number
  }
  /** Mean |∂L/∂W| as a multiple of the last hidden layer's; NaN where that is 0. */
  readonly ratio: number
  /** Of what the layer hands on; null for the output layer. */
  readonly activation: ActivationReport | null
}

export interface ActivationReport {
  readonly mean: number
  readonly std: number
  /** The share of elements at which the activation's slope is below a tenth of its largest: saturated, or a closed relu. */
  readonly saturated: number
  /** The share of units whose slope is 0 for every sample. */
  readonly dead: number
}

const KNOWN = [
  ...['depth', 'width', 'activation', 'init', 'normalization', 'residual', 'batch', 'inputs', 'outputs', 'loss'],
  ...['seed', 'dtype'],
]

/** The settings in full, as a study states them. */
export type DepthSettings = Omit<Required<DepthLabOptions>, 'activation' | 'loss'> & {
  readonly activation: string
  readonly loss: string
}

/**
 * Builds a network, runs it forward and backward once, and reports per layer what the gradient is.
 * @throws ArgumentError for a setting that is out of range or unknown; GradError where a loss of your own returns no scalar
 *   that depends on the output.
 * @example depthLab({ depth: 3, activation: 'relu' }).layers.length // 4
 */
export function depthLab(options: DepthLabOptions = {}): DepthStudy {
  const name = 'depthLab'
  const { settings, activation, loss } = settle(name, options)
  return withRandomState({ seed: settings.seed, offset: 0 }, () =>
    enableGrad(() => study(name, settings, activation, loss)),
  )
}

function settle(name: string, options: DepthLabOptions) {
  checkOptions(name, options, KNOWN)
  const { depth = 10, width = 32, batch = 16, outputs = 1, seed = 0, residual = false, loss = 'mse' } = options
  const { init = 'default', normalization = 'none', dtype = 'float64', inputs = width } = options
  for (const [what, n] of Object.entries({ depth, width, batch, inputs, outputs })) requireCount(name, what, n)
  requireSeed(name, seed)
  requireFlags(name, { residual })
  requireInit(name, init)
  requireNormalization(name, normalization)
  if (dtype !== 'float32' && dtype !== 'float64')
    throw new ArgumentError(`${name}: dtype is 'float32' or 'float64', got ${shown(dtype)}`)
  if (loss !== 'mse' && loss !== 'bce' && typeof loss !== 'function')
    throw new ArgumentError(`${name}: loss is 'mse', 'bce' or a function of the output, got ${shown(loss)}`)
  const weights = depth * width * width + width * (inputs + outputs)
  if (weights > MOST)
    throw new ArgumentError(`${name}: the network would have ${weights} weights, the lab takes ${MOST}`)
  if (normalization === 'batchNorm' && batch === 1)
    throw new ArgumentError(`${name}: batchNorm needs a batch of at least 2, got 1`)
  const activation = resolveActivation(name, options.activation ?? 'sigmoid')
  const settings: DepthSettings = {
    ...{ depth, width, activation: activation.label, init, normalization, residual, batch, inputs, outputs },
    ...{ loss: typeof loss === 'function' ? loss.name || 'function' : loss, seed, dtype },
  }
  return { settings, activation, loss }
}

/** Weights of a network, 200 MB of them and their gradients. */
const MOST = 2 ** 23

function study(name: string, settings: DepthSettings, activation: Resolved, loss: DepthLabOptions['loss']): DepthStudy {
  const { batch, inputs, outputs, dtype } = settings
  // Data first: with the same seed it is the same whatever the network.
  const x = randn([batch, inputs], { dtype })
  const target = loss === 'bce' ? castTo(randint(0, 2, [batch, outputs]), dtype) : randn([batch, outputs], { dtype })
  const network = new DeepNetwork(settings, activation.apply)
  const { output, passages } = network.forward(x)
  const value = lossOf(name, loss, output, target)
  const weights = [...network.blocks.map(({ linear }) => linear.weight), network.head.weight]
  const found = gradients(value, weights, { allowUnused: true })
  const steepest = slopeProfile(name, activation).largest
  const sizes = weights.map((w, i) => magnitudes(found[i] ?? zerosLike(w)))
  const reference = sizes[settings.depth - 1].mean
  const layers = weights.map((w, i) => ({
    name: i < settings.depth ? `layer ${i + 1}` : 'output',
    shape: [...w.shape],
    gradient: sizes[i],
    ratio: sizes[i].mean / reference,
    activation: i < settings.depth ? reportOn(passages[i], activation, steepest) : null,
  }))
  return new DepthStudy(settings, value.item(), layers)
}

function lossOf(name: string, loss: DepthLabOptions['loss'], output: Tensor, target: Tensor): Tensor {
  if (typeof loss !== 'function') return (loss === 'bce' ? bceWithLogits : mseLoss)(output, target)
  const value: unknown = loss(output)
  if (!(value instanceof Tensor) || value.size !== 1 || !value.requiresGrad)
    throw new GradError(`${name}: the loss must return a scalar tensor that is computed from the output`)
  return value
}

function magnitudes(g: Tensor): DepthLayer['gradient'] {
  const sizes = Array.from(g.data, Math.abs)
  const smallest = sizes.reduce((a, b) => Math.min(a, b))
  return { mean: sum(sizes) / sizes.length, smallest, largest: largest(sizes), norm: norm(sizes) }
}

function reportOn({ z, h }: Passage, { slopes }: Resolved, steepest: number): ActivationReport {
  const out = h.data
  const mean = sum(out) / out.length
  const std = norm(Array.from(out, (v) => v - mean)) / Math.sqrt(out.length)
  const slope = slopes(Float64Array.from(z.data))
  const [batch, width] = z.shape
  const dead = Array.from({ length: width }, (_, unit) =>
    Array.from({ length: batch }, (_, sample) => slope[sample * width + unit]).every((v) => v === 0),
  )
  const saturated = slope.filter((v) => Math.abs(v) < steepest / 10).length
  return { mean, std, saturated: saturated / slope.length, dead: dead.filter(Boolean).length / width }
}
