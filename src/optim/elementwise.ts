/**
 * The step of every optimizer whose update of an element depends on that element of the parameter, its gradient and
 * its state alone. `update` computes the scalars of the step (bias corrections, decay) and hands flat arrays to a pure
 * loop; the two are apart so that a compiler can put tensor operations in the place of the loop, with the scalars as
 * inputs. All gradients are checked before the first parameter changes.
 */

import { toDense } from '../backends/js/layout.ts'
import { ArgumentError } from '../errors/index.ts'
import { isFloating } from '../ops/dtype.ts'
import { sameShape, shapeText } from '../ops/shape.ts'
import type { TypedArray } from '../ops/value.ts'
import { Tensor } from '../tensor/index.ts'
import { copyOf, gradientOf, putBack } from './elements.ts'
import { gradProblem, type Hyper, type ParamGroup, type ParamsInput } from './groups.ts'
import { Optimizer, type SavedState } from './optimizer.ts'

export abstract class ElementwiseOptimizer<H extends Hyper = Hyper, S extends object = object> extends Optimizer<H, S> {
  /** What is said to have changed a parameter. */
  protected readonly by: string

  constructor(name: string, params: ParamsInput<H>, options: Partial<H>, defaults: H) {
    super(name, params, options, defaults)
    this.by = `${name}.step`
  }

  /** The state before the first step. */
  protected abstract init(x: Tensor, group: ParamGroup<H>): S

  /** Changes the elements `x` of a parameter by their gradient `g`; both are flat and of the parameter's dtype. */
  protected abstract update(x: TypedArray, g: TypedArray, group: ParamGroup<H>, parameter: Tensor): void

  /**
   * Changes every parameter that has a gradient; those without are left as they are, and so is their state.
   * @returns what the closure returned, if there is one; it is called with recording on.
   */
  step<T = undefined>(closure?: () => T): T {
    const loss = closure === undefined ? undefined : this.evaluate(closure)
    for (let k = 0; k < this.paramGroups.length; k++) this.checkGroup(this.paramGroups[k])
    for (let k = 0; k < this.paramGroups.length; k++) {
      const group = this.paramGroups[k]
      for (let i = 0; i < group.params.length; i++) {
        const x = group.params[i]
        if (x.grad === null) continue
        const data = toDense(x)
        this.update(data, gradientOf(x, x.grad), group, x)
        putBack(x, data, this.by)
      }
    }
    return loss as T
  }

  private checkGroup(group: ParamGroup<H>): void {
    this.check(group)
    for (let i = 0; i < group.params.length; i++) {
      const x = group.params[i]
      const g = x.grad
      if (g === null) continue
      const fits = g instanceof Tensor && sameShape(g.shape, x.shape) && isFloating(g.dtype) && g.box === null
      if (!fits) throw gradProblem(this.name, x, g, i, group.paramNames)
    }
  }

  protected stateOf(x: Tensor, group: ParamGroup<H>): S {
    let state = this.state.get(x)
    if (state === undefined) this.state.set(x, (state = this.init(x, group)))
    return state
  }

  /** A state has the entries of a fresh one, of the same kinds. */
  protected restore(x: Tensor, saved: SavedState, group: ParamGroup<H>): S {
    const who = `${this.name}.loadStateDict`
    const state = this.init(x, group) as Record<string, unknown>
    const keys = Object.keys(state).filter((key) => state[key] !== null)
    const shown = `the state of a parameter ${shapeText(x.shape)}`
    const unknown = Object.keys(saved).find((key) => !(key in state))
    if (unknown)
      throw new ArgumentError(
        `${who}: ${shown} has '${unknown}', which is not part of ${this.name}'s state { ${keys.join(', ')} }`,
      )
    for (const key of Object.keys(state)) {
      const value = saved[key]
      if (value === undefined && state[key] === null) continue
      const isTensor = state[key] === null || state[key] instanceof Tensor
      if (isTensor ? !(value instanceof Tensor) : !Number.isFinite(value)) {
        throw new ArgumentError(
          `${who}: ${shown} needs '${key}', a ${isTensor ? 'tensor' : 'number'}, got ${typeof value}`,
        )
      }
      if (value instanceof Tensor && !sameShape(value.shape, x.shape)) {
        throw new ArgumentError(
          `${who}: '${key}' was saved for a parameter ${shapeText(value.shape)}, here it is ${shapeText(x.shape)}`,
        )
      }
      state[key] = value instanceof Tensor ? copyOf(value, x.dtype) : value
    }
    return state as S
  }
}
