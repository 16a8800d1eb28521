/**
 * What a chain of activations alone does to a gradient: products of f'(z) at random pre-activations z ~ N(0, 1), layer
 * by layer, over many trials; beside it what is exactly to be expected. Weights are left out: see `depth-lab.ts` for
 * whole networks.
 */
import { ArgumentError, checkOptions, ShapeError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { isFloating } from '../../ops/dtype.ts'
import { shapeText } from '../../ops/shape.ts'
import { Generator, randn, requireTensor, type Tensor } from '../../tensor/index.ts'
import { type Activation, type Resolved, resolveActivation } from './activation.ts'
import { ActivationFlow } from './activation-flow-document.ts'
import { roundDepths } from './depths.ts'
import { requireCount, requireSeed } from './require.ts'
import { type SlopeProfile, slopeProfile } from './slope-profile.ts'
import { largest, moments, sum } from './statistics.ts'

export interface ActivationFlowOptions {
  /** Names of ops or functions; sigmoid, tanh and relu unless given. */
  readonly activations?: readonly Activation[]
  /** 50 unless given. */
  readonly layers?: number
  /** 100 unless given. */
  readonly trials?: number
  /** Of the pre-activations, which are the same for every activation; 0 unless given. */
  readonly seed?: number
  /** The depths of the table; some round ones unless given. */
  readonly at?: readonly number[]
  /** Your own pre-activations instead of drawn ones: [trials, layers], for all activations or one tensor for each. */
  readonly preActivations?: Tensor | readonly Tensor[]
}

/** One activation. Lists have one entry per depth: products of 1, 2, ... factors. */
export interface ActivationDecay {
  readonly name: string
  /** The mean of |product| over the trials, and its standard error. */
  readonly mean: readonly number[]
  readonly standardError: readonly number[]
  /** The geometric mean: what a typical trial has. 0 where one is. */
  readonly geometricMean: readonly number[]
  /** The share of trials in which a factor was exactly 0. */
  readonly zeroShare: readonly number[]
  /** The single factors |f'(z)| that were drawn. */
  readonly factor: { readonly mean: number; readonly standardError: number; readonly largest: number }
  /** The same of all z ~ N(0, 1), by quadrature. */
  readonly exact: SlopeProfile
}

const KNOWN = ['activations', 'layers', 'trials', 'seed', 'at', 'preActivations']

/**
 * Multiplies the slopes of activations at random points, as backpropagation does from layer to layer.
 * @throws ArgumentError for an activation that is unknown or has no finite slope, or settings out of range; ShapeError
 *   where pre-activations are no [trials, layers].
 * @example activationFlow({ activations: ['sigmoid'] }).activations[0].exact.mean // 0.2066
 */
export function activationFlow(options: ActivationFlowOptions = {}): ActivationFlow {
  const name = 'activationFlow'
  checkOptions(name, options, KNOWN)
  const { activations = ['sigmoid', 'tanh', 'relu'], seed = 0 } = options
  const resolved = resolveAll(name, activations)
  requireSeed(name, seed)
  const { trials, layers, draws } = drawsOf(name, options, resolved.length)
  const decays = resolved.map((activation, i) => ({
    name: activation.label,
    ...multiply(activation.slopes(draws[i]), trials, layers),
    exact: slopeProfile(name, activation),
  }))
  const own = options.preActivations !== undefined
  return new ActivationFlow(layers, trials, own ? null : seed, depthsOf(name, options.at, layers), decays)
}

function resolveAll(name: string, given: readonly Activation[]): Resolved[] {
  if (!Array.isArray(given) || given.length === 0)
    throw new ArgumentError(`${name}: activations is an array of at least one, as ['sigmoid']; got ${shown(given)}`)
  const resolved = given.map((activation) => resolveActivation(name, activation))
  const labels = resolved.map(({ label }) => label)
  const twice = labels.find((label, i) => labels.indexOf(label) < i)
  if (twice !== undefined) throw new ArgumentError(`${name}: two activations are called '${twice}'; name the functions`)
  return resolved
}

/** Trials times layers at most: some 100 MB of numbers. */
const MOST = 2 ** 22

function drawsOf(name: string, options: ActivationFlowOptions, count: number) {
  const { preActivations: given, seed = 0 } = options
  if (given !== undefined) return ownDraws(name, options, given, count)
  const { layers = 50, trials = 100 } = options
  requireCount(name, 'layers', layers)
  requireCount(name, 'trials', trials)
  if (layers * trials > MOST)
    throw new ArgumentError(`${name}: trials times layers may be ${MOST} at most, got ${trials} times ${layers}`)
  const z = randn([trials, layers], { generator: new Generator(seed), dtype: 'float64' }).data as Float64Array
  return { trials, layers, draws: new Array<Float64Array>(count).fill(z) }
}

function ownDraws(name: string, options: ActivationFlowOptions, given: Tensor | readonly Tensor[], count: number) {
  for (const key of ['layers', 'trials', 'seed'] as const)
    if (options[key] !== undefined)
      throw new ArgumentError(`${name}: preActivations [trials, layers] leave nothing to say for '${key}'`)
  const list = Array.isArray(given) ? (given as readonly Tensor[]) : new Array<Tensor>(count).fill(given as Tensor)
  if (list.length !== count)
    throw new ArgumentError(`${name}: ${count} activations need as many preActivations, got ${list.length}`)
  for (const z of list) {
    requireTensor(name, z, 'preActivations')
    if (
      z.ndim !== 2 ||
      z.size === 0 ||
      z.size > MOST ||
      !isFloating(z.dtype) ||
      shapeText(z.shape) !== shapeText(list[0].shape)
    )
      throw new ShapeError(
        `${name}: preActivations are floating point numbers [trials, layers], all of one shape, got ${z.dtype} ${shapeText(z.shape)}`,
      )
  }
  const [trials, layers] = list[0].shape
  return { trials, layers, draws: list.map((z) => Float64Array.from(z.data)) }
}

function depthsOf(name: string, at: readonly number[] | undefined, layers: number): readonly number[] {
  if (at === undefined) return roundDepths(layers)
  const fits = (d: unknown) => Number.isInteger(d) && (d as number) >= 1 && (d as number) <= layers
  if (!Array.isArray(at) || at.length === 0 || !at.every(fits))
    throw new ArgumentError(`${name}: at is an array of depths from 1 to ${layers}, got ${shown(at)}`)
  return [...at]
}

/** Products are kept as logarithms, so that only a factor of 0 makes one 0 and not the range of a number. */
function multiply(slopes: Float64Array, trials: number, layers: number): Omit<ActivationDecay, 'name' | 'exact'> {
  const logs = new Float64Array(trials)
  const mean: number[] = []
  const standardError: number[] = []
  const geometricMean: number[] = []
  const zeroShare: number[] = []
  for (let layer = 0; layer < layers; layer++) {
    for (let t = 0; t < trials; t++) logs[t] += Math.log(Math.abs(slopes[t * layers + layer]))
    const products = momentsOfExp(logs)
    mean.push(products.mean)
    standardError.push(products.standardError)
    geometricMean.push(Math.exp(sum(logs) / trials))
    zeroShare.push(logs.filter((v) => v === -Infinity).length / trials)
  }
  const factor = { ...moments(slopes.map(Math.abs)), largest: largest(slopes) }
  return { mean, standardError, geometricMean, zeroShare, factor }
}

/** Mean and standard error of e^v, by the largest of them. */
function momentsOfExp(logs: Float64Array): { mean: number; standardError: number } {
  const top = logs.reduce((a, b) => Math.max(a, b))
  if (top === -Infinity) return { mean: 0, standardError: 0 }
  const { mean, standardError } = moments(logs.map((v) => Math.exp(v - top)))
  return { mean: mean * Math.exp(top), standardError: standardError * Math.exp(top) }
}
