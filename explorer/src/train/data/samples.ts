/** What a network learns from, and what is held out to see whether it has learnt more than these examples. */
import type { Tensor } from 'chainrule'

export interface Part {
  /** [n, features] */
  readonly x: Tensor
  /** Classes: [n] in float32 where there are two, in int32 where there are more. */
  readonly y: Tensor
}

export interface Samples {
  readonly features: number
  readonly classes: number
  readonly train: Part
  readonly heldOut: Part
}
