/** What diagnoses look at: numbers of one pass, or of many that a monitor has seen, per layer and per parameter. */
import type { Frame } from '../../tensor/index.ts'
import type { Fate } from './fate.ts'
import type { GateReport } from './gates.ts'
import type { NonFinite } from './non-finite.ts'
import type { TensorStatistics } from './statistics.ts'

export interface ParameterReport {
  /** As in the state dict, where it belongs to the model. */
  readonly key: string
  readonly shape: readonly number[]
  readonly norm: number
  /** ‖∂L/∂w‖; null where no gradient arrived. */
  readonly gradNorm: number | null
  /** ‖step‖ / ‖w‖ of the step that the optimizer takes; null where it is not known or the parameter is 0. */
  readonly ratio: number | null
}

export interface LayerReport {
  readonly key: string
  /** The class of the module, or the name of the function. */
  readonly kind: string
  /** How often it was called; the numbers are of all calls together. */
  readonly calls: number
  readonly outputShape: readonly number[]
  readonly activation: TensorStatistics
  /** The cotangent of the output; null where none arrived. */
  readonly gradient: TensorStatistics | null
  readonly parameters: readonly ParameterReport[]
  /** The share of units whose slope is exactly 0 for every sample; null where no function in it stops anything. */
  readonly dead: number | null
  /** The share of activations at which the slope is below 1 % of the largest it can be, on a side that is no off state. */
  readonly saturated: number | null
  /** How many elements of the output are NaN or infinite. */
  readonly nonFinite: number
}

export interface LayerEvidence extends LayerReport {
  /** The layers with parameters or activations that its result flows into on the way to the loss, by their places. */
  readonly into: () => readonly number[]
  /** Whether no parameter comes after it: the output of the network, and what follows. */
  readonly final: boolean
  readonly gates: GateReport | null
  /** Of a layer that goes through steps, such as a recurrent one: the norm of the cotangent at each, in their order. */
  readonly steps: readonly number[]
}

export interface ParameterEvidence extends ParameterReport {
  /** The place of the layer that reads it; null where none does. */
  readonly layer: number | null
  readonly size: number
  readonly fate: Fate
  /** Where the derivative of its value ends. */
  readonly cuts: readonly Cut[]
}

export interface Cut {
  readonly op: string
  readonly source: Frame | undefined
  /** The layer or module in which it happens. */
  readonly where: string | null
  /** The dtype of the result. */
  readonly dtype: string
}

/** The loss before and after one step along the gradient, with everything else the same. */
export interface TrialStep {
  readonly before: number
  readonly after: number
  /** What the gradient predicts for so small a step that the slope does not change: Σ g · step. */
  readonly predicted: number
}

export interface LossEvidence {
  /** NaN where the pass returned none. */
  readonly value: number
  readonly tracked: boolean
  readonly trial: TrialStep | null
  /** The losses of training so far, where it is watched. */
  readonly history: readonly number[]
}

export interface Evidence {
  readonly layers: readonly LayerEvidence[]
  readonly parameters: readonly ParameterEvidence[]
  readonly loss: LossEvidence
  readonly nonFinite: NonFinite | null
  /** The learning rates of the optimizer, where it is known. */
  readonly learningRates: readonly number[]
}
