import { ChainruleError } from './chainrule-error.ts'

/** The element of an input at which the analytic and the numeric derivative are furthest apart. */
export interface GradientCheckElement {
  /** Of the element in its input; empty where a whole direction was checked. */
  readonly index: readonly number[]
  readonly analytic: number
  readonly numeric: number
  readonly absoluteError: number
  /** The absolute error as a part of the larger of both numbers. */
  readonly relativeError: number
  /** What was differentiated by it: `output 0 at [2]`. */
  readonly output: string
}

export interface GradientCheckInput {
  readonly name: string
  readonly ok: boolean
  /** At how many elements the function is not differentiable; the derivative there is a convention, not an error. */
  readonly kinks: number
  /** At how many elements the gradient is wrong. */
  readonly wrong: number
  /** Null where the input has no elements or was not reached. */
  readonly worst: GradientCheckElement | null
}

export interface GradientCheckReport {
  readonly ok: boolean
  /** How often the function was called for numeric differences. */
  readonly evaluations: number
  readonly inputs: readonly GradientCheckInput[]
  /** What is wrong with the function as a whole, such as another result at each call; absent where nothing is. */
  readonly problem?: string
}

/** Thrown when gradients that were checked against numeric differences are wrong; carries the report. */
export class GradientCheckError extends ChainruleError {
  override readonly name: string = 'GradientCheckError'
  readonly report: GradientCheckReport

  constructor(message: string, report: GradientCheckReport) {
    super(message)
    this.report = report
  }
}
