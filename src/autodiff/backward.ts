/** Gradients in PyTorch's way: `backward` accumulates into `.grad`, `gradients` returns. */
import { ArgumentError, checkOptions, GradError } from '../errors/index.ts'
import { requireFloating } from '../ops/dtype.ts'
import { add } from '../ops/elementwise/add.ts'
import { castTo } from '../ops/elementwise/castTo.ts'
import { clone } from '../ops/elementwise/clone.ts'
import { sameShape, shapeText } from '../ops/shape.ts'
import { onesLike, Tensor, withoutRecording, youngest } from '../tensor/index.ts'
import { propagate } from './propagate.ts'

export interface BackwardOptions {
  /** Keep the saved values, so that backward can be called again; `createGraph` unless given. */
  readonly retainGraph?: boolean
  /** Record the derivative as well, so that it can be differentiated. */
  readonly createGraph?: boolean
  /** Accumulate into these only. */
  readonly inputs?: readonly Tensor[]
}

/**
 * Adds dy/dx, weighted by `gradient`, to the `.grad` of every leaf x that y was computed from.
 * @param y any tensor that requires a gradient; of one element unless `gradient` is given.
 * @param gradient the cotangent of y, of y's shape; 1 unless given.
 * @throws GradError where y has no history, is no scalar, or its saved values were freed.
 * @example const x = tensor(3, { requiresGrad: true }); x.square().backward(); x.grad // 6
 */
export function backward(y: Tensor, gradient?: Tensor | null, options: BackwardOptions = {}): void {
  checkOptions('backward', options, ['retainGraph', 'createGraph', 'inputs'])
  const { createGraph = false, retainGraph = createGraph, inputs } = options
  const seed = seedOf('backward', y, gradient)
  if (y.box)
    throw new GradError(
      'backward: inside of grad, vjp, jvp or vmap there is no .grad to accumulate into; use gradients(y, x), or call backward outside',
    )
  const start = youngest()
  for (const [i, x] of inputs?.entries() ?? []) requireTracked('backward', x, i)
  const found = propagate({ level: y.level, outputs: [y], seeds: [seed], targets: inputs, createGraph, retainGraph })
  const given = new Set<unknown>()
  for (const [x, g] of found) accumulate(x, own(g, start, given), createGraph)
}

/** A gradient that nobody else holds: one that was made in this walk for this tensor alone, else a copy. */
function own(g: Tensor, start: number, given: Set<unknown>): Tensor {
  const { serial, seen, size } = g.storage
  const fresh = serial > start && !seen && !given.has(g.storage) && size === g.size
  const mine = fresh ? g : g.tracked ? clone(g) : withoutRecording(() => clone(g))
  given.add(mine.storage)
  return mine
}

function accumulate(x: Tensor, g: Tensor, createGraph: boolean): void {
  const before = x.grad
  if (!before) x.grad = g
  else x.grad = createGraph ? add(before, g) : withoutRecording(() => add(before, g))
}

export interface GradientsOptions {
  /** One cotangent per output; ones for scalars unless given. */
  readonly gradOutputs?: readonly (Tensor | null)[] | Tensor | null
  readonly createGraph?: boolean
  readonly retainGraph?: boolean
  /** Return null for inputs that no output depends on, instead of an error. */
  readonly allowUnused?: boolean
}

/**
 * The gradients of outputs with respect to inputs; no `.grad` is touched.
 * @returns one tensor per input, of its shape (null only with `allowUnused`).
 * @example const x = tensor(3, { requiresGrad: true }); gradients(x.square(), x)[0] // 6
 */
export function gradients(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradientsOptions & { allowUnused: true },
): (Tensor | null)[]
export function gradients(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options?: GradientsOptions,
): Tensor[]
export function gradients(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradientsOptions = {},
): (Tensor | null)[] {
  checkOptions('gradients', options, ['gradOutputs', 'createGraph', 'retainGraph', 'allowUnused'])
  const ys = asList(outputs)
  const xs = asList(inputs)
  const { createGraph = false, retainGraph = createGraph, allowUnused = false } = options
  const given = options.gradOutputs === undefined || options.gradOutputs === null ? [] : asList(options.gradOutputs)
  if (given.length > 0 && given.length !== ys.length) {
    throw new GradError(`gradients: ${ys.length} outputs need as many gradOutputs, got ${given.length}`)
  }
  if (ys.length === 0) throw new ArgumentError('gradients: there are no outputs to differentiate')
  const seeds = ys.map((y, i) => seedOf('gradients', y, given[i]))
  if (ys.some((y) => y.level !== ys[0].level))
    throw new GradError('gradients: the outputs belong to different transforms; differentiate them one by one')
  for (const [i, x] of xs.entries()) requireTracked('gradients', x, i)
  const found = propagate({ level: ys[0].level, outputs: ys, seeds, targets: xs, createGraph, retainGraph })
  return xs.map((x, i) => {
    const g = found.get(x)
    if (!g && !allowUnused) {
      throw new GradError(
        `gradients: input ${i}${x.name ? ` '${x.name}'` : ''} ${shapeText(x.shape)} was not used to compute the outputs; pass { allowUnused: true } to get null for it`,
      )
    }
    return g ?? null
  })
}

const asList = <T>(x: T | readonly T[]): readonly T[] => (Array.isArray(x) ? x : [x as T])

function requireTracked(name: string, x: unknown, i: number): void {
  if (!(x instanceof Tensor)) throw new ArgumentError(`${name}: input ${i} is not a tensor`)
  if (!x.tracked)
    throw new GradError(
      `${name}: input ${i} ${shapeText(x.shape)} does not require a gradient; make it with { requiresGrad: true }`,
    )
}

function seedOf(name: string, y: Tensor, gradient: Tensor | null | undefined): Tensor {
  if (!(y instanceof Tensor)) throw new ArgumentError(`${name}: takes a tensor, got ${y === null ? 'null' : typeof y}`)
  if (!y.tracked) {
    throw new GradError(
      `${name}: nothing to differentiate: ${shapeText(y.shape)} was not computed from a tensor with requiresGrad (or inside noGrad, or through detach or integers)`,
    )
  }
  if (gradient === undefined || gradient === null) {
    if (y.size !== 1) {
      throw new GradError(
        `${name}: a gradient is defined for a scalar, this tensor is ${shapeText(y.shape)}; reduce it with sum() or mean(), or pass the gradient of that shape`,
      )
    }
    return onesLike(y)
  }
  if (!(gradient instanceof Tensor))
    throw new ArgumentError(`${name}: the gradient must be a tensor, got ${typeof gradient}`)
  if (!sameShape(gradient.shape, y.shape)) {
    throw new GradError(
      `${name}: the gradient ${shapeText(gradient.shape)} must have the shape of the tensor, ${shapeText(y.shape)}`,
    )
  }
  requireFloating(`${name}: the gradient`, gradient.dtype)
  return castTo(gradient, y.dtype)
}
