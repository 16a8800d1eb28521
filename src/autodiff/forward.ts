/** Forward mode: every value carries its tangent along, and every op maps tangents of its inputs to that of its output. */
import { ArgumentError, GradError, ShapeError } from '../errors/index.ts'
import { isFloating } from '../ops/dtype.ts'
import type { Op } from '../ops/kinds/op.ts'
import { sameShape, shapeText } from '../ops/shape.ts'
import type { Attrs } from '../ops/value.ts'
import {
  applyOp,
  atNewLevel,
  type Interpreter,
  requireFunction,
  scope,
  type Tensor,
  zerosLike,
} from '../tensor/index.ts'
import { fitTangent } from './fit.ts'
import { boxed, unboxAt } from './reverse.ts'
import { type Flat, flatten, matching } from './tree.ts'

class DualInterpreter implements Interpreter {
  readonly level: number
  readonly single = true

  constructor(level: number) {
    this.level = level
  }

  apply(op: Op, operands: readonly (Tensor | number)[], attrs: Attrs): Tensor | Tensor[] {
    const inputs = operands.map((x) => (typeof x === 'number' ? x : unboxAt(this.level, x)))
    const tangents = operands.map((x) => (typeof x !== 'number' && x.level === this.level ? x.box!.tangent : null))
    const made = applyOp(op, inputs, attrs)
    if (!op.differentiable || scope().floor >= this.level || tangents.every((t) => t === null)) return made
    const outputs = Array.isArray(made) ? made : [made]
    const moved = op.jvp({ inputs, attrs, outputs }, tangents) as (Tensor | null)[]
    const dual = outputs.map((y, i) => (moved[i] && isFloating(y.dtype) ? this.box(y, fitTangent(moved[i], y)) : y))
    return Array.isArray(made) ? dual : dual[0]
  }

  constant(value: Tensor): Tensor {
    return value
  }

  box(value: Tensor, tangent: Tensor): Tensor {
    return boxed(value, { interpreter: this, value, tangent }, value.shape)
  }
}

export function requireLists(name: string, primals: unknown, directions: unknown): void {
  if (Array.isArray(primals) && Array.isArray(directions)) return
  throw new ArgumentError(
    `${name}: takes the arguments of f as an array and their directions as another: ${name}(f, [x], [v])`,
  )
}

/**
 * f at the primals and the derivative of f there in the direction of the tangents, in one forward pass.
 * @param primals the arguments of f; @param tangents nested like them, of the same shapes.
 * @returns [output, tangent of the output]
 * @example jvp((x) => x.square(), [tensor(3)], [tensor(1)]) // [9, 6]
 */
export function jvp<A extends unknown[], O>(f: (...args: A) => O, primals: A, tangents: A): [O, O] {
  requireFunction('jvp', f)
  requireLists('jvp', primals, tangents)
  const flat = flatten(primals)
  const moves = matching('jvp', 'tangents', tangents, flat)
  flat.leaves.forEach((x, i) => {
    if (!isFloating(x.dtype))
      throw new GradError(`jvp: a primal of dtype ${x.dtype} has no tangent; convert it with to('float32')`)
    if (!sameShape(x.shape, moves[i].shape)) {
      throw new ShapeError(
        `jvp: the tangent ${shapeText(moves[i].shape)} does not fit the primal ${shapeText(x.shape)}`,
      )
    }
  })
  const { outputs, moved } = pushForward('jvp', f, flat, moves)
  return [
    outputs.rebuild(outputs.leaves) as O,
    outputs.rebuild(moved.map((t, i) => t ?? zerosLike(outputs.leaves[i]))) as O,
  ]
}

/** f and its tangent, where null stands for a zero tangent on either side. */
export function pushForward(
  name: string,
  f: (...args: never[]) => unknown,
  primals: Flat,
  tangents: readonly (Tensor | null)[],
) {
  return atNewLevel(name, (level) => {
    const interpreter = new DualInterpreter(level)
    const duals = primals.leaves.map((x, i) => (tangents[i] ? interpreter.box(x, fitTangent(tangents[i], x)) : x))
    const returned = flatten((f as (...args: unknown[]) => unknown)(...(primals.rebuild(duals) as unknown[])))
    const outputs = flatten(returned.rebuild(returned.leaves.map((y) => unboxAt(level, y))))
    const moved = returned.leaves.map((y) => (y.level === level ? (y.box?.tangent ?? null) : null))
    return { outputs, moved }
  })
}
