/**
 * Reverse mode as transforms of functions. Each opens a level of its own with a tape of its own: inside, arguments are
 * boxed tensors; what reaches the tape of an outer level, or carries an outer tangent, does so untouched.
 */
import { ArgumentError, GradError, ShapeError } from '../errors/index.ts'
import { isFloating } from '../ops/dtype.ts'
import type { Op } from '../ops/kinds/op.ts'
import { sameShape, shapeText } from '../ops/shape.ts'
import type { Attrs } from '../ops/value.ts'
import {
  applyOp,
  atNewLevel,
  type Box,
  type Interpreter,
  onesLike,
  record,
  requireFunction,
  scope,
  Tensor,
  zerosLike,
} from '../tensor/index.ts'
import { propagate } from './propagate.ts'
import { type Flat, flatten, matching, type Tree } from './tree.ts'

export type Fn = (...args: never[]) => unknown

class TapeInterpreter implements Interpreter {
  readonly level: number
  readonly single = true

  constructor(level: number) {
    this.level = level
  }

  apply(op: Op, inputs: readonly (Tensor | number)[], attrs: Attrs): Tensor | Tensor[] {
    const own = (x: Tensor | number): x is Tensor => typeof x !== 'number' && x.level === this.level
    const made = applyOp(
      op,
      inputs.map((x) => (own(x) ? x.box!.value : x)),
      attrs,
    )
    const tracked = inputs.some((x) => own(x) && x.tracked)
    if (!tracked || scope().floor >= this.level || !op.differentiable) return made
    const outputs = Array.isArray(made) ? made.map((y) => this.box(y)) : this.box(made)
    record(op, inputs, attrs, outputs, this.level)
    return outputs
  }

  constant(value: Tensor): Tensor {
    return value
  }

  box(value: Tensor): Tensor {
    return boxed(value, { interpreter: this, value, tangent: null }, value.shape)
  }
}

/** A tensor that stands for a box: it has the shape that the function sees. */
export function boxed(value: Tensor, box: Box, shape: readonly number[]): Tensor {
  const x = new Tensor(value.storage, shape, value.strides, value.offset, value.dtype)
  x.box = box
  x.level = box.interpreter.level
  x.history = value.history
  x.name = value.name
  return x
}

/** The value below a level's box; anything else is itself. */
export const unboxAt = (level: number, x: Tensor): Tensor => (x.box && x.level === level ? x.box.value : x)

export interface Linearized {
  /** What the function returned, below the level. */
  readonly out: Tree
  readonly outputs: Flat
  /** Cotangents of the primals' leaves for those of the outputs, where null stands for zero; null where the output does not depend on one. */
  pull(cotangents: readonly (Tensor | null)[]): (Tensor | null)[]
}

/** Runs f once and remembers its tape. */
export function linearize(name: string, f: (...args: never[]) => unknown, primals: readonly Tree[]): Linearized {
  const flat = flatten(primals)
  return atNewLevel(name, (level) => {
    const interpreter = new TapeInterpreter(level)
    const leaves = flat.leaves.map((x) => {
      if (!isFloating(x.dtype)) return x
      const leaf = interpreter.box(x)
      leaf.tracked = true
      return leaf
    })
    const returned = flatten((f as (...args: unknown[]) => unknown)(...(flat.rebuild(leaves) as unknown[])))
    const out = returned.rebuild(returned.leaves.map((y) => unboxAt(level, y)))
    return { out, outputs: flatten(out), pull: (g) => pullBack(level, returned.leaves, leaves, g) }
  })
}

function pullBack(
  level: number,
  outputs: readonly Tensor[],
  leaves: readonly Tensor[],
  cotangents: readonly (Tensor | null)[],
) {
  const reached = outputs.flatMap((y, i) => {
    const g = cotangents[i]
    return g && y.level === level && y.tracked ? [{ y, g }] : []
  })
  const found = propagate({
    level,
    outputs: reached.map(({ y }) => y),
    seeds: reached.map(({ g }) => g),
    targets: leaves,
    createGraph: false,
    retainGraph: true,
  })
  return leaves.map((x) => found.get(x) ?? null)
}

/**
 * f at the primals and the function that maps a cotangent of its output to the cotangents of the primals. It can be
 * called any number of times.
 * @returns [output, pullback]; the pullback returns one entry per primal, nested like it.
 * @example const [y, pull] = vjp((x) => x.square(), tensor(3)); pull(tensor(1))[0] // 6
 */
export function vjp<A extends unknown[], O>(f: (...args: A) => O, ...primals: A): [O, (cotangent: O) => A] {
  requireFunction('vjp', f)
  const flat = flatten(primals)
  const line = linearize('vjp', f, primals)
  const pullback = (cotangent: O): A => {
    const given = matching('vjp', 'cotangents', cotangent, line.outputs)
    given.forEach((g, i) => {
      const y = line.outputs.leaves[i]
      if (!sameShape(g.shape, y.shape))
        throw new ShapeError(`vjp: a cotangent ${shapeText(g.shape)} does not fit the output ${shapeText(y.shape)}`)
    })
    return flat.rebuild(line.pull(given).map((g, i) => g ?? zerosLike(flat.leaves[i]))) as A
  }
  return [line.out as O, pullback]
}

export type Argnums = number | readonly number[]

/** The arguments that `argnums` chooses: one of them, or a tuple. */
export type Chosen<A extends unknown[], N extends Argnums> = N extends number
  ? A[N]
  : { -readonly [K in keyof N]: A[N[K] & number] }

/**
 * The function that returns the value of f and its gradient.
 * @param f returns a scalar tensor; its arguments are any nesting of tensors.
 * @param argnums which argument(s) to differentiate by: a number gives one gradient, an array an array of them.
 * @throws GradError where f does not return a scalar tensor or an argument holds integers.
 * @example valueAndGrad((x) => x.square())(tensor(3)) // [9, 6]
 */
export function valueAndGrad<A extends unknown[] = Tensor[], const N extends Argnums = 0>(
  f: (...args: A) => Tensor,
  argnums?: N,
): (...args: A) => [Tensor, Chosen<A, NoInfer<N>>] {
  return differentiated('valueAndGrad', f, argnums ?? 0) as (...args: A) => [Tensor, Chosen<A, N>]
}

/**
 * The function that returns the gradient of f.
 * @param f returns a scalar tensor; its arguments are any nesting of tensors.
 * @param argnums as of `valueAndGrad`.
 * @throws GradError where f does not return a scalar tensor or an argument holds integers.
 * @example grad((x) => x.pow(3))(tensor(2)) // 12
 */
export function grad<A extends unknown[] = Tensor[], const N extends Argnums = 0>(
  f: (...args: A) => Tensor,
  argnums?: N,
): (...args: A) => Chosen<A, NoInfer<N>> {
  const both = differentiated('grad', f, argnums ?? 0)
  return (...args) => both(...args)[1] as Chosen<A, N>
}

export function differentiated(name: string, f: (...args: never[]) => unknown, argnums: Argnums) {
  requireFunction(name, f)
  return (...args: unknown[]): [Tensor, unknown] => {
    const { chosen, by, pick } = choose(name, f, args, argnums)
    requireFloats(name, chosen)
    const line = linearize(name, by, chosen)
    const y = line.out
    if (!(y instanceof Tensor))
      throw new GradError(`${name}: the function must return a tensor, it returned ${kindOf(y)}`)
    if (y.size !== 1)
      throw new GradError(
        `${name}: the function must return a scalar, it returned ${shapeText(y.shape)}; reduce it with sum() or mean(), or use jacrev`,
      )
    const flat = flatten(chosen)
    const found = line.pull([onesLike(y)]).map((g, i) => g ?? zerosLike(flat.leaves[i]))
    return [y, pick(flat.rebuild(found) as unknown[])]
  }
}

function kindOf(x: unknown): string {
  if (x instanceof Tensor) return 'a tensor'
  if (x instanceof Promise) return 'a promise; transforms take synchronous functions'
  return x === null ? 'null' : Array.isArray(x) ? 'an array' : typeof x
}

function requireFloats(name: string, args: readonly unknown[]): void {
  for (const x of flatten(args).leaves) {
    if (!isFloating(x.dtype))
      throw new GradError(
        `${name}: an argument of dtype ${x.dtype} has no gradient; convert it with to('float32') or choose others with argnums`,
      )
  }
}

/** The chosen arguments, f as a function of them alone, and how to hand results back in the form of argnums. */
export function choose(name: string, f: Fn, args: readonly unknown[], argnums: Argnums) {
  const list = typeof argnums === 'number' ? [argnums] : argnums
  for (const k of list) {
    if (!Number.isInteger(k) || k < 0 || k >= args.length) {
      throw new ArgumentError(
        `${name}: argnums asks for argument ${String(k)}, the function was called with ${args.length}`,
      )
    }
  }
  if (new Set(list).size !== list.length)
    throw new ArgumentError(`${name}: argnums [${list.join(', ')}] names an argument twice`)
  const chosen = list.map((k) => args[k])
  if (flatten(chosen).leaves.length === 0)
    throw new ArgumentError(`${name}: the chosen arguments hold no tensor to differentiate by`)
  const by = (...values: unknown[]) => {
    const full = [...args]
    list.forEach((k, i) => {
      full[k] = values[i]
    })
    return (f as (...all: unknown[]) => unknown)(...full)
  }
  return {
    chosen,
    by: by as Fn,
    pick: <T>(results: readonly T[]) => (typeof argnums === 'number' ? results[0] : results),
  }
}
