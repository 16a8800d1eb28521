/** One pass of each kind: the function, its tangent, its pullback. Counted by `counting.ts`, measured by `timing.ts`. */
import { jvp, vjp } from '../../autodiff/index.ts'
import { onesLike, type Tensor } from '../../tensor/index.ts'
import { counting, type OperationCount } from './counting.ts'
import { medianTime } from './timing.ts'

/** A function and the point at which it is examined. */
export interface Subject {
  readonly f: (...xs: Tensor[]) => Tensor
  /** Whether it draws random numbers, which are the same in each call. */
  readonly random: boolean
  readonly xs: Tensor[]
  readonly y: Tensor
  readonly inputs: number
  readonly outputs: number
}

/** One pass of each kind. */
export interface PassCounts {
  /** f(x) */
  readonly evaluation: OperationCount
  /** f(x) and J v for one tangent v. */
  readonly jvp: OperationCount
  /** f(x) and Jᵀ u for one cotangent u. */
  readonly vjp: OperationCount
  /** Jᵀ u alone, once f(x) is there. */
  readonly pullback: OperationCount
}

/** Median times of one pass, in milliseconds. */
export type PassTimes = { readonly [K in keyof PassCounts]: number }

export function countPasses(name: string, { f, xs, y }: Subject): PassCounts {
  const evaluation = counting(name, xs, (watched, soFar) => {
    f(...watched)
    return soFar()
  })
  const k = xs.length
  const forward = counting(name, [...xs, ...xs.map((x) => onesLike(x))], (watched, soFar) => {
    jvp(f, watched.slice(0, k), watched.slice(k))
    return soFar()
  })
  return counting(name, [...xs, onesLike(y)], (watched, soFar) => {
    const [, pull] = vjp(f, ...watched.slice(0, k))
    const before = soFar()
    pull(watched[k])
    const both = soFar()
    return { evaluation, jvp: forward, vjp: both, pullback: difference(both, before) }
  })
}

function difference(a: OperationCount, b: OperationCount): OperationCount {
  return {
    applications: a.applications - b.applications,
    multiplyAdds: a.multiplyAdds - b.multiplyAdds,
    elementOperations: a.elementOperations - b.elementOperations,
    total: a.total - b.total,
    elements: a.elements - b.elements,
    atLeast: a.atLeast,
  }
}

export function timePasses({ f, xs, y }: Subject, budget: number): PassTimes {
  const [tangents, cotangent] = [xs.map((x) => onesLike(x)), onesLike(y)]
  const [, pull] = vjp(f, ...xs)
  return {
    evaluation: medianTime(() => f(...xs), budget),
    jvp: medianTime(() => jvp(f, xs, tangents), budget),
    vjp: medianTime(() => vjp(f, ...xs)[1](cotangent), budget),
    pullback: medianTime(() => pull(cotangent), budget),
  }
}
