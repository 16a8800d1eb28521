/** What `explain` returns: the numbers, and how they are told. */
import type { DType } from '../../ops/value.ts'
import { pictureToDot } from '../draw/dot.ts'
import { pictureToSvg, type SvgOptions } from '../draw/svg.ts'
import { type Block, Document } from '../render/document.ts'
import { shortNumber } from '../render/number.ts'
import type { Factor } from './factors.ts'
import { type ExplanationJson, explanationToJson } from './json.ts'
import type { Numeric } from './numeric.ts'
import { pictureOf } from './picture.ts'
import { tell } from './tell.ts'

/** One way from the output to the element: the product of its factors is what it contributes. */
export interface ExplainedPath {
  readonly factors: readonly Factor[]
  readonly product: number
}

export interface ExplanationData {
  readonly output: string
  readonly input: string
  readonly value: number
  readonly at: number
  readonly gradient: number
  readonly sum: number
  /** The sum of the paths' magnitudes: what rounding errors are to be compared with. */
  readonly magnitude: number
  readonly numeric: Numeric
  readonly precision: DType
  readonly pathCount: bigint
  readonly paths: readonly ExplainedPath[]
  /** What the other paths amount to. */
  readonly rest: number
}

/** The derivative of one number by one number, told path by path and factor by factor. */
export class Explanation extends Document {
  /** The names of the two: "L", "W1[0,0]". */
  readonly output: string
  readonly input: string
  /** The value of the output, and that of the element of the input. */
  readonly value: number
  readonly at: number
  /** What the engine computes. */
  readonly gradient: number
  /** (f(x + h) - f(x - h)) / 2h by running the program again in float64; NaN where the output is not finite nearby. */
  readonly numeric: number
  /** Whether the function has a corner here, so that there is no derivative; the gradient is then one by convention. */
  readonly kink: boolean
  /** Whether the sum over the paths is the gradient, and the difference quotient agrees where there is one. */
  readonly agrees: boolean
  /** Whether the difference quotient agrees with the rules in float64 only: in float32 the gradient is rounded too much. */
  readonly rounded: boolean
  /** How many paths there are, exactly. */
  readonly pathCount: bigint
  /** Those with the largest products, the largest first. */
  readonly paths: readonly ExplainedPath[]
  /** What the other paths amount to. */
  readonly rest: { readonly count: bigint; readonly sum: number }
  /** The sum over all paths: the gradient once more. */
  readonly sum: number

  constructor(data: ExplanationData) {
    super()
    this.output = data.output
    this.input = data.input
    this.value = data.value
    this.at = data.at
    this.gradient = data.gradient
    this.numeric = data.numeric.central
    this.kink = data.numeric.kink
    const verdict = judge(data)
    this.agrees = verdict !== 'differs'
    this.rounded = verdict === 'rounded'
    this.pathCount = data.pathCount
    this.paths = data.paths
    this.sum = data.sum
    this.rest = { count: data.pathCount - BigInt(data.paths.length), sum: data.rest }
  }

  get title(): string {
    return `∂${this.output}/∂${this.input} = ${shortNumber(this.gradient)}`
  }

  blocks(): Block[] {
    return tell(this)
  }

  /** The values on the listed paths as a graph, a factor on every arrow. */
  toSvg(options: SvgOptions = {}): string {
    return pictureToSvg(pictureOf(this), options)
  }

  /** The same graph in the language of Graphviz. */
  toDot(): string {
    return pictureToDot(pictureOf(this))
  }

  /** Plain data: formulas as text and TeX, the number of paths as a string of digits. See docs/trace-format.md. */
  toJSON(): ExplanationJson {
    return explanationToJson(this)
  }
}

/**
 * Both compare with the size of what was added up, and the difference quotient with the rounding of f / h as well. At a
 * corner, and where the output is not finite, there is no difference quotient; a gradient that is not finite is no
 * convention for a corner.
 */
function judge({ sum, gradient, numeric, magnitude, value, precision }: ExplanationData): Verdict {
  const tolerance = precision === 'float64' ? 1e-9 : 1e-4
  const near = (a: number, b: number, within: number) =>
    a === b ||
    (Number.isFinite(a) && Number.isFinite(b) ? Math.abs(a - b) <= within : Number.isNaN(a) && Number.isNaN(b))
  const rounding = tolerance * magnitude
  if (!near(sum, gradient, rounding)) return 'differs'
  const { central, kink, wide } = numeric
  if (Number.isNaN(central) || (kink && Number.isFinite(gradient))) return 'agrees'
  const [error, noise] = numeric.precision === 'float64' ? [1e-5, 1e-9] : [1e-3, 1e-3]
  const within = error * magnitude + noise * Math.abs(value) + numeric.error
  if (near(central, gradient, rounding + within)) return 'agrees'
  const isRounded = precision === 'float32' && wide !== null && near(central, wide, within + error * Math.abs(wide))
  return isRounded ? 'rounded' : 'differs'
}

type Verdict = 'agrees' | 'rounded' | 'differs'
