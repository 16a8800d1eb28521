/**
 * What experiments compute, as plain data that a worker can send: documents of the library are made anew from it by
 * those who show them.
 */
import { randn, type Tensor } from 'chainrule'
import {
  type ActivationFlow,
  activationFlow,
  type Block,
  compareDepth,
  type DepthLabOptions,
  type DepthStudy,
  depthLab,
  derivation,
  type ModeCost,
  modeCost,
} from 'chainrule/explain'

/** The fields of a document: what is left of it when it has been sent. */
type Fields<T> = { readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? never : K]: T[K] }

interface DepthOrder {
  readonly options: DepthLabOptions
  /** Networks to be compared; none for no comparison. */
  readonly others: readonly DepthLabOptions[]
}

export interface DepthFound {
  readonly study: Fields<DepthStudy>
  readonly others: readonly Fields<DepthStudy>[]
  readonly flow: Fields<ActivationFlow>
}

/** y = W tanh(V x), of n inputs, k hidden units and m outputs. */
interface ModesOrder {
  readonly n: number
  readonly k: number
  readonly m: number
  /** In milliseconds: how long to measure; 0 counts only. */
  readonly budget: number
  /** Which time it is measured. */
  readonly time: number
}

function modes({ n, k, m, budget }: ModesOrder): Fields<ModeCost> {
  const float64 = { dtype: 'float64' } as const
  const [V, W] = [randn([k, n], float64), randn([m, k], float64)]
  return modeCost((x: Tensor) => W.matmul(V.matmul(x).tanh()), randn([n], float64), { budget })
}

const depth = ({ options, others }: DepthOrder): DepthFound => ({
  study: depthLab(options),
  others: others.length > 0 ? compareDepth(others).studies : [],
  flow: activationFlow({ seed: options.seed }),
})

export const jobs = {
  depth,
  modes,
  derivation: (op: string): readonly Block[] => derivation(op).blocks(),
}

type Jobs = typeof jobs
export type Job = keyof Jobs
export type Order<J extends Job> = Parameters<Jobs[J]>[0]
export type Found<J extends Job> = ReturnType<Jobs[J]>
