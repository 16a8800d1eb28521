/** What a call does around its program: where inputs come from, and what becomes of results, as data of the trace. */
import type { DType, Shape } from '../../ops/value.ts'
import type { Storage, Tensor } from '../../tensor/index.ts'

/** A tensor of what the function returned. */
export type Output =
  /** A parameter or the like: this very tensor. */
  | { readonly is: 'same'; readonly tensor: Tensor }
  /** Tensor `index` of the arguments. */
  | { readonly is: 'argument'; readonly index: number }
  | ResultOutput

/** A new tensor with the elements of a result. */
export interface ResultOutput {
  readonly is: 'result'
  readonly index: number
  readonly shape: Shape
  readonly dtype: DType
  /** Whether it is a leaf that requires a gradient. */
  readonly tracked: boolean
  readonly retainsGrad: boolean
  /** Its number among those that are differentiated; -1 where it is not. */
  readonly live: number
}

/** What the gradient of a tensor is after a call. */
export interface GradientEffect {
  readonly of: Tensor | { readonly argument: number }
  readonly grad: { readonly result: number; readonly shape: Shape; readonly dtype: DType } | Tensor | null
}

/** An argument that was changed in place: what its storage holds afterwards, or with `whole` false, its elements. */
export interface ArgumentEffect {
  readonly argument: number
  readonly result: number
  readonly whole: boolean
}

export interface Effects {
  /** Per input the argument tensor that it comes from, and whether it is its whole storage. */
  readonly inputs: readonly { readonly argument: number; readonly whole: boolean }[]
  readonly outputs: readonly Output[]
  rebuild(leaves: readonly unknown[]): unknown
  readonly gradients: readonly GradientEffect[]
  readonly changed: readonly ArgumentEffect[]
  /** Captured storages that the function changes. */
  readonly states: readonly Storage[]
}

/** Whether a result is differentiated through the call. */
export const isLive = (output: Output): output is ResultOutput => output.is === 'result' && output.live >= 0
