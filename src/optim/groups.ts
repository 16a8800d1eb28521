/** Parameter groups: what may be handed to an optimizer, and what is refused before anything is taken. */
import { ArgumentError, DTypeError, GradError, ShapeError } from '../errors/index.ts'
import { isFloating } from '../ops/dtype.ts'
import { shapeText } from '../ops/shape.ts'
import { Tensor } from '../tensor/index.ts'

export interface Hyper {
  /** The learning rate. */
  lr: number
}

/** Parameters with the hyperparameters that hold for them. Writing `group.lr = 0.01` takes effect at the next step. */
export type ParamGroup<H extends Hyper = Hyper> = H & {
  params: Tensor[]
  /** Present where the parameters were given as [name, tensor]. */
  paramNames?: string[]
  /** The learning rate at the start, which schedulers note. */
  initialLr?: number
}

export type NamedTensor = readonly [name: string, tensor: Tensor]
export type GroupInput<H extends Hyper = Hyper> = Partial<H> & { params: Tensor | Iterable<Tensor | NamedTensor> }
export type ParamsInput<H extends Hyper = Hyper> = Iterable<Tensor | NamedTensor | GroupInput<H>>

const isNamed = (x: unknown): x is NamedTensor => Array.isArray(x) && typeof x[0] === 'string'

/** The groups that a constructor's first argument stands for. */
export function readGroups<H extends Hyper>(who: string, params: ParamsInput<H>): GroupInput<H>[] {
  if (params instanceof Tensor)
    throw new ArgumentError(`${who}: takes an array of parameters; put the tensor into one: [w]`)
  if (typeof (params as { parameters?: unknown } | null)?.parameters === 'function') {
    throw new ArgumentError(`${who}: takes an array of parameters, got a module; pass module.parameters()`)
  }
  if (typeof params?.[Symbol.iterator] !== 'function') {
    throw new ArgumentError(`${who}: takes an array of parameters, got ${params === null ? 'null' : typeof params}`)
  }
  const items = [...params]
  if (items.length === 0) throw new ArgumentError(`${who}: there are no parameters to optimize`)
  const isGroup = (x: unknown) => typeof x === 'object' && x !== null && 'params' in x
  return items.some(isGroup) ? (items as GroupInput<H>[]) : [{ params: items } as unknown as GroupInput<H>]
}

/** The parameters of one group and their names, if they have any. */
export function readParams(
  who: string,
  group: GroupInput,
  taken: ReadonlySet<Tensor>,
): { params: Tensor[]; paramNames?: string[] } {
  if (typeof group !== 'object' || group === null || !('params' in group)) {
    throw new ArgumentError(
      `${who}: a parameter group is an object { params, ...options }, got ${group === null ? 'null' : typeof group}`,
    )
  }
  const items = group.params instanceof Tensor ? [group.params] : [...group.params]
  if (items.length === 0) throw new ArgumentError(`${who}: a parameter group has no parameters`)
  const seen = new Set(taken)
  const params = items.map((item, i) => checkParam(who, isNamed(item) ? item[1] : (item as Tensor), i, seen))
  const names = items.filter(isNamed).map(([name]) => name)
  if (names.length > 0 && names.length < items.length) {
    throw new ArgumentError(
      `${who}: either all parameters of a group come with names or none; got ${names.length} names for ${items.length}`,
    )
  }
  return names.length > 0 ? { params, paramNames: names } : { params }
}

function checkParam(who: string, x: Tensor, i: number, seen: Set<Tensor>): Tensor {
  if (!(x instanceof Tensor))
    throw new ArgumentError(`${who}: parameter ${i} is not a tensor but ${x === null ? 'null' : typeof x}`)
  const what = `parameter ${i}${x.name ? ` '${x.name}'` : ''} ${shapeText(x.shape)}`
  if (seen.has(x))
    throw new ArgumentError(`${who}: ${what} was given before; a parameter belongs to one place in one group`)
  if (!isFloating(x.dtype))
    throw new DTypeError(`${who}: ${what} is ${x.dtype}; only floating point tensors can be optimized`)
  if (x.box) throw new GradError(`${who}: ${what} is an argument of grad, jvp or vmap; optimize the tensor itself`)
  if (!x.isLeaf) {
    throw new GradError(
      `${who}: ${what} was computed by ${x.gradFn?.name}; optimize the leaf that it comes from, or x.detach()`,
    )
  }
  if (x.strides.some((s, d) => s === 0 && x.shape[d] > 1)) {
    throw new ShapeError(`${who}: several elements of ${what} share one place in memory; make a copy first: x.clone()`)
  }
  seen.add(x)
  return x
}

/** Why a gradient cannot be applied to its parameter. */
export function gradProblem(
  who: string,
  x: Tensor,
  grad: Tensor,
  i: number,
  names: readonly string[] | undefined,
): Error {
  const name = names?.[i] ?? x.name
  const what = `the gradient of parameter ${i}${name ? ` '${name}'` : ''}`
  if (!(grad instanceof Tensor)) return new GradError(`${who}: ${what} is not a tensor but ${typeof grad}`)
  if (grad.box)
    return new GradError(`${who}: ${what} belongs to a running grad, jvp or vmap; take the step outside of it`)
  if (!isFloating(grad.dtype)) return new DTypeError(`${who}: ${what} is ${grad.dtype}; gradients are floating point`)
  return new ShapeError(`${who}: ${what} is ${shapeText(grad.shape)}, the parameter is ${shapeText(x.shape)}`)
}
