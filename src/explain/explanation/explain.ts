/** `explain`: why a derivative is what it is. */
import { gradients } from '../../autodiff/index.ts'
import { ArgumentError, checkOptions, GradError, IndexError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { contiguousStrides, shapeText } from '../../ops/shape.ts'
import type { DType, Shape } from '../../ops/value.ts'
import { Tensor } from '../../tensor/index.ts'
import { pullBack } from '../graph/backward.ts'
import { bestPaths } from '../graph/paths.ts'
import { type Program, readProgram } from '../graph/program.ts'
import { Web } from '../graph/web.ts'
import { type GivenNames, Names } from '../names.ts'
import { keptOf } from '../record/kept.ts'
import { Explanation } from './explanation.ts'
import { Chain } from './factors.ts'
import { numericSlope } from './numeric.ts'

export interface ExplainOptions {
  /** How many paths are listed, those with the largest products; 12 unless given. */
  readonly paths?: number
  /** Whether a call of a function made of ops (a loss, a normalisation) is one factor or shown op by op; 'function' unless given. */
  readonly detail?: 'function' | 'op'
  /** Also list the factors that are 1 whatever the values are, such as those of views. */
  readonly identities?: boolean
  /** Names for tensors that have none: an object { name: tensor }, the module whose parameters they are, or a recording. */
  readonly names?: GivenNames
}

/**
 * Explains the derivative of `output` by one element of `input`: every path from one to the other as a list of factors,
 * the product of each, and their sum, which is the gradient; beside it the central difference.
 * @param output a tensor of one element, such as a loss. Its history must still be there: explain before backward(), or
 *   pass it { retainGraph: true }, or run the program inside of record().
 * @param input a tensor that output was computed from.
 * @param index one integer per dimension of input, negative ones from the end; the element with the largest gradient
 *   unless given.
 * @throws GradError where output does not depend on input or its values are gone; IndexError for an index outside.
 * @example const w = tensor(3, { requiresGrad: true }); explain(w.square().mul(2), w).gradient // 12
 */
export function explain(
  output: Tensor,
  input: Tensor,
  index?: readonly number[],
  options: ExplainOptions = {},
): Explanation {
  checkOptions('explain', options, ['paths', 'detail', 'identities', 'names'])
  const { paths = 12, detail = 'function', identities = false } = options
  if (!Number.isInteger(paths) || paths < 0)
    throw new ArgumentError(`explain: paths is a whole number of paths to list, got ${shown(paths)}`)
  if (detail !== 'function' && detail !== 'op')
    throw new ArgumentError(`explain: detail is 'function' or 'op', got ${shown(detail)}`)
  requireTensors(output, input)
  const program = readProgram(output, input, detail === 'function')
  const { element, gradient } = chosen(output, input, program, index)
  const from = { variable: program.input, index: element }
  const web = new Web(program.steps, from, { variable: program.output, index: 0 })
  const derivative = { sum: web.derivatives().adjoint[0], magnitude: web.magnitude() }
  const names = new Names(options.names)
  const chain = new Chain(web, program, names)
  const { best, rest } = bestPaths(web, paths)
  return new Explanation({
    output: chain.name({ variable: program.output, index: 0 }),
    input: chain.name(from),
    value: program.output.tensor.item(),
    at: program.input.tensor.data[element],
    gradient,
    ...derivative,
    numeric: numericSlope(program, element, derivative),
    precision: coarsest(program),
    pathCount: web.pathCount(),
    rest,
    paths: best.map((path) => ({ factors: chain.factors(path, identities), product: path.product })),
  })
}

function requireTensors(output: unknown, input: unknown): void {
  if (!(output instanceof Tensor)) throw new ArgumentError(`explain: the output must be a tensor, got ${shown(output)}`)
  if (!(input instanceof Tensor)) throw new ArgumentError(`explain: the input must be a tensor, got ${shown(input)}`)
  if (output.box || input.box)
    throw new GradError('explain: inside of grad, jvp or vmap there is no tape to read; explain outside of them')
  if (output.size !== 1)
    throw new GradError(
      `explain: a derivative of one number is explained, the output is ${shapeText(output.shape)}; pick one with at(...), or reduce with sum() or mean()`,
    )
  if (!output.requiresGrad)
    throw new GradError(
      'explain: the output was not computed from a tensor that requires a gradient (or inside noGrad, or through detach or integers)',
    )
  if (!input.requiresGrad)
    throw new GradError(
      `explain: the input ${shapeText(input.shape)} does not require a gradient; make it with { requiresGrad: true }`,
    )
}

/** The element that is asked for and what the engine says of it. */
function chosen(
  output: Tensor,
  input: Tensor,
  program: Program,
  index: readonly number[] | undefined,
): { readonly element: number; readonly gradient: number } {
  const { shape } = input
  if (input.size === 0) throw new IndexError(`explain: the input ${shapeText(shape)} has no elements`)
  const asked = index === undefined ? undefined : elementAt(shape, index)
  if (program.steps.length === 0 && program.output !== program.input)
    throw new GradError(
      `explain: the output does not depend on the input${input.name ? ` '${input.name}'` : ''} ${shapeText(shape)}: no recorded operation leads from one to the other`,
    )
  const all = gradientOf(output, input, program)
  const element = asked ?? largest(all)
  return { element, gradient: all[element] }
}

/** Rounding is that of the coarsest numbers on the way. */
function coarsest({ steps, input }: Program): DType {
  const all = [input, ...steps.flatMap((step) => step.outputs)]
  return all.some(({ tensor }) => tensor.dtype === 'float32') ? 'float32' : 'float64'
}

/** Where the largest number stands; NaN counts as larger than any. */
function largest(all: ArrayLike<number>): number {
  let best = 0
  for (let i = 1; i < all.length; i++)
    if (!Number.isNaN(all[best]) && !(Math.abs(all[i]) <= Math.abs(all[best]))) best = i
  return best
}

/** What the engine says: by a walk of its own over the tape, which stays as it is, or over what a recording kept. */
function gradientOf(output: Tensor, input: Tensor, program: Program): ArrayLike<number> {
  const kept = program.steps.some(({ application }) => keptOf(application.node))
  return (kept ? pullBack(program) : gradients(output, input, { retainGraph: true })[0]).data
}

function elementAt(shape: Shape, index: readonly number[]): number {
  if (!Array.isArray(index) || index.length !== shape.length)
    throw new IndexError(`explain: ${shapeText(shape)} needs an index of ${shape.length} integers, got ${shown(index)}`)
  const dense = contiguousStrides(shape)
  return index.reduce((at, i, d) => {
    if (!Number.isInteger(i) || i < -shape[d] || i >= shape[d])
      throw new IndexError(`explain: index ${shown(i)} is outside of dimension ${d} of ${shapeText(shape)}`)
    return at + dense[d] * (i < 0 ? i + shape[d] : i)
  }, 0)
}
