/** Activations as the lab takes them: an op by its name, or any function of one number. Slopes come from the library. */
import { grad, vmap } from '../../autodiff/index.ts'
import { ArgumentError } from '../../errors/index.ts'
import { shown } from '../../ops/arguments.ts'
import { clone } from '../../ops/elementwise/clone.ts'
import type { Op } from '../../ops/kinds/op.ts'
import { registry } from '../../ops/registry.ts'
import { fromArray, type Tensor } from '../../tensor/index.ts'

/** The name of an elementwise op of one argument ('linear' for none at all), or a function of a tensor. */
export type Activation = string | ((x: Tensor) => Tensor)

export interface Resolved {
  readonly label: string
  apply(x: Tensor): Tensor
  /** f'(z) at each of the points. */
  slopes(z: Float64Array): Float64Array
}

type Unary = (x: Tensor) => Tensor

/** @throws ArgumentError for a name that no elementwise op of one argument has. */
export function resolveActivation(caller: string, given: Activation): Resolved {
  const apply = typeof given === 'function' ? given : named(caller, given)
  const label = typeof given === 'function' ? given.name || 'function' : given
  // One number at a time, so that each slope is that of its own point whatever the function does with a whole tensor.
  const slope = vmap(grad(apply))
  return {
    label,
    apply,
    slopes: (z) => slope(fromArray(z, [z.length], 'float64')).data as Float64Array,
  }
}

function named(caller: string, name: unknown): Unary {
  if (name === 'linear') return clone
  const op = typeof name === 'string' ? registry.get(name) : undefined
  if (op && isUnary(op)) return op as unknown as Unary
  throw new ArgumentError(
    `${caller}: an activation is a function or one of linear, ${known().join(', ')}; got ${shown(name)}`,
  )
}

const known = (): string[] => [...registry.values()].filter(isUnary).map(({ name }) => name)

/** Elementwise, with a derivative, and no argument but the first without a default. */
function isUnary(op: Op): boolean {
  if (op.kind !== 'elementwise' || !op.differentiable) return false
  return op.args.every((name, i) => name in op.defaults === i > 0)
}
