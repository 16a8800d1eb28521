/**
 * vmap: a function of one sample becomes a function of a batch. Inside, tensors look like one sample; every op is
 * applied once to the whole batch by the rule of its kind, or sample by sample where it has none.
 */
import { ArgumentError, checkOptions, GradError, ShapeError } from '../errors/index.ts'
import { castTo } from '../ops/elementwise/castTo.ts'
import type { Op } from '../ops/kinds/op.ts'
import { cat } from '../ops/routine/cat.ts'
import { normalizeAxis, shapeText } from '../ops/shape.ts'
import type { Attrs, Spec } from '../ops/value.ts'
import { expand } from '../ops/view/expand.ts'
import { permute } from '../ops/view/permute.ts'
import { reshape } from '../ops/view/reshape.ts'
import { ranges, slice } from '../ops/view/slice.ts'
import {
  applyOp,
  atNewLevel,
  type Box,
  drawing,
  type Interpreter,
  requireFunction,
  Storage,
  Tensor,
} from '../tensor/index.ts'
import { unboxAt } from './reverse.ts'
import { flatten, type Tree } from './tree.ts'

type Operands = readonly (Tensor | number)[]

class BatchInterpreter implements Interpreter {
  readonly level: number
  readonly size: number
  readonly single = false

  constructor(level: number, size: number) {
    this.level = level
    this.size = size
  }

  apply(op: Op, operands: Operands, attrs: Attrs): Tensor | Tensor[] {
    const batched = operands.map((x) => typeof x !== 'number' && x.level === this.level)
    const inputs = operands.map((x) => (typeof x === 'number' ? x : unboxAt(this.level, x)))
    const rule = op.batch({ inputs, attrs }, batched)
    const made = rule
      ? applyOp(rule.op, rule.inputs as Operands, rule.attrs)
      : this.oneByOne(op, inputs, batched, attrs)
    if (Array.isArray(made)) return made.map((y) => this.box(y))
    // A sample without dimensions widens less than the batch of them does.
    return this.box(op.kind === 'elementwise' ? castTo(made, (op.infer(operands, attrs) as Spec).dtype) : made)
  }

  oneByOne(op: Op, inputs: Operands, batched: readonly boolean[], attrs: Attrs): Tensor | Tensor[] {
    const results = Array.from({ length: this.size }, (_, k) =>
      applyOp(
        op,
        inputs.map((x, i) => (batched[i] ? row(x as Tensor, k) : x)),
        attrs,
      ),
    )
    if (!Array.isArray(results[0])) return stackRows(results as Tensor[])
    return results[0].map((_, i) => stackRows((results as Tensor[][]).map((r) => r[i])))
  }

  constant(value: Tensor): Tensor {
    return this.box(value)
  }

  box(value: Tensor): Tensor {
    const x = new Tensor(UNREADABLE, value.shape.slice(1), value.strides.slice(1), value.offset, value.dtype)
    x.box = { interpreter: this, value, tangent: null } satisfies Box
    x.level = this.level
    return x
  }
}

/** What a batched tensor has for elements: inside of vmap there is one value per sample, so that none can be read. */
const UNREADABLE: Storage = Object.create(Storage.prototype, {
  history: { value: 0 },
  changedAt: { value: 0 },
  serial: { value: 0 },
  buffer: {
    get(): never {
      throw new GradError(
        'vmap: values cannot be read inside of the function, they differ from sample to sample; use where() to choose by value',
      )
    },
  },
})

const row = (x: Tensor, k: number): Tensor =>
  reshape(slice(x, ranges(x, { 0: { start: k, step: 1, size: 1 } })), x.shape.slice(1))
const stackRows = (rows: readonly Tensor[]): Tensor =>
  cat(
    rows.map((r) => reshape(r, [1, ...r.shape])),
    0,
  )

export interface VmapOptions {
  /** Which dimension of each argument is the batch (all its tensors); null where an argument is the same for all. 0 unless given. */
  readonly inAxes?: number | readonly (number | null)[]
  /** Which dimension of the outputs is the batch. */
  readonly outAxes?: number
  /** Whether random numbers drawn inside are the same for every sample; an error unless stated. */
  readonly randomness?: 'error' | 'same' | 'different'
}

/**
 * The function over a batch: `vmap(f)(xs)` is f applied to every row of xs, stacked, in one pass.
 * @example vmap((x, y) => x.dot(y))(tensor([[1, 2], [3, 4]]), tensor([[1, 0], [0, 1]])) // [1, 4]
 */
export function vmap<A extends unknown[] = Tensor[], O = Tensor>(
  f: (...args: A) => O,
  options: VmapOptions = {},
): (...args: A) => O {
  checkOptions('vmap', options, ['inAxes', 'outAxes', 'randomness'])
  requireFunction('vmap', f)
  const { inAxes = 0, outAxes = 0, randomness = 'error' } = options
  return (...args) => {
    if (typeof inAxes !== 'number' && inAxes.length !== args.length)
      throw new ArgumentError(
        `vmap: inAxes has ${inAxes.length} entries for ${args.length} arguments; null marks one without a batch`,
      )
    const axes = args.map((_, i) => (typeof inAxes === 'number' ? inAxes : inAxes[i]))
    const moved = args.map((tree, i) => (axes[i] === null ? tree : moveAll(tree, axes[i])))
    const size = batchSize(moved, axes)
    return atNewLevel('vmap', (level) => {
      const interpreter = new BatchInterpreter(level, size)
      const samples = moved.map((tree, i) => {
        const flat = flatten(tree)
        return axes[i] === null ? tree : flat.rebuild(flat.leaves.map((x) => interpreter.box(x)))
      })
      const returned = flatten(withRandomness(randomness, interpreter, () => f(...(samples as A))))
      return returned.rebuild(returned.leaves.map((y) => collectOutput(y, interpreter, outAxes))) as O
    })
  }
}

function batchSize(args: readonly Tree[], axes: readonly (number | null)[]): number {
  const sizes = args.flatMap((tree, i) => (axes[i] === null ? [] : flatten(tree).leaves.map((x) => x.shape[0])))
  if (sizes.length === 0)
    throw new ArgumentError('vmap: no argument has a batch dimension; inAxes must name at least one')
  if (sizes.some((n) => n !== sizes[0]))
    throw new ShapeError(`vmap: the arguments differ in batch size: ${sizes.join(', ')}`)
  if (sizes[0] === 0) throw new ShapeError('vmap: the batch is empty')
  return sizes[0]
}

function moveAll(tree: Tree, axis: number): Tree {
  const flat = flatten(tree)
  return flat.rebuild(
    flat.leaves.map((x) => {
      if (x.shape.length === 0)
        throw new ShapeError(
          `vmap: an argument ${shapeText(x.shape)} has no dimension to map over; mark it with null in inAxes`,
        )
      return moveAxis(x, normalizeAxis('vmap', axis, x.shape.length), 0)
    }),
  )
}

/** Dimension `from` takes the place `to`, the others keep their order. */
export function moveAxis(x: Tensor, from: number, to: number): Tensor {
  if (from === to) return x
  const order = x.shape.map((_, d) => d).filter((d) => d !== from)
  order.splice(to, 0, from)
  return permute(x, order)
}

function collectOutput(y: Tensor, { level, size }: BatchInterpreter, outAxis: number): Tensor {
  const own = y.level === level
  const value = own ? y.box!.value : expand(reshape(y, [1, ...y.shape]), [size, ...y.shape])
  return moveAxis(value, 0, normalizeAxis('vmap', outAxis, value.shape.length))
}

function withRandomness<T>(mode: 'error' | 'same' | 'different', interpreter: BatchInterpreter, fn: () => T): T {
  const outer = { ...drawing }
  drawing.shape = (name, shape) => {
    if (mode === 'error') {
      throw new GradError(
        `${name}: random numbers inside of vmap: say { randomness: 'same' } or { randomness: 'different' } to vmap`,
      )
    }
    return outer.shape(name, mode === 'different' ? [interpreter.size, ...shape] : shape)
  }
  drawing.box = (x) => (mode === 'different' ? interpreter.box(outer.box(x)) : outer.box(x))
  try {
    return fn()
  } finally {
    Object.assign(drawing, outer)
  }
}
