/** One step of an optimizer, taken to be undone: by how much it changes each parameter, and what becomes of the loss. */
import { copyInto, toDense } from '../../backends/js/layout.ts'
import '../../functional/fluent.ts'
import type { TypedArray } from '../../ops/value.ts'
import type { Optimizer } from '../../optim/optimizer.ts'
import { fromArray, type Tensor } from '../../tensor/index.ts'
import type { TrialStep } from './evidence.ts'
import type { Untouched } from './untouched.ts'

export interface Trial {
  /** ‖step‖ per parameter. */
  readonly updates: ReadonlyMap<Tensor, number>
  /** Null where the same pass does not give the same loss twice, or gives none. */
  readonly step: TrialStep | null
}

export interface TrialOptions {
  readonly untouched: Untouched
  readonly gradients: ReadonlyMap<Tensor, Tensor>
  readonly optimizer: Optimizer | undefined
  readonly lr: number | undefined
  /** The loss of another run, from the parameters as they are. */
  again(): Tensor | undefined
  readonly loss: number | undefined
}

/** A loss that comes out the same up to this share was computed from the same numbers. */
const SAME = 1e-6

/** Null where the program took no step and nothing says how to. Leaves parameters as it likes: restore them afterwards. */
export function tryStep(options: TrialOptions): Trial | null {
  const { untouched, gradients, optimizer, lr, again, loss } = options
  const before = new Map([...gradients.keys()].map((x) => [x, untouched.before(x).slice()]))
  if (!moved(before)) {
    if (optimizer) takeStep(optimizer, options)
    else if (lr !== undefined) for (const [x, g] of gradients) descend(x, g, lr)
    else return null
  }
  const after = new Map([...before.keys()].map((x) => [x, toDense(x).slice()]))
  const updates = new Map([...before].map(([x, old]) => [x, change(old, after.get(x)!).step]))
  if (loss === undefined || !Number.isFinite(loss)) return { updates, step: null }
  let predicted = 0
  for (const [x, g] of gradients) predicted += along(toDense(g), before.get(x)!, after.get(x)!)
  untouched.restore()
  for (const [x, elements] of after) put(x, elements)
  const found = lossAgain(again)
  untouched.restore()
  if (found > loss || Number.isNaN(found)) {
    // A rise says something only where the loss depends on nothing but the parameters.
    const same = lossAgain(again)
    untouched.restore()
    if (!(Math.abs(same - loss) <= SAME * Math.abs(loss))) return { updates, step: null }
  }
  return { updates, step: { before: loss, after: found, predicted } }
}

/** Optimizers that look at several points ask for a function that computes loss and gradients there. */
function takeStep(optimizer: Optimizer, { gradients, again, untouched }: TrialOptions): void {
  for (const [x, g] of gradients) x.grad = g
  try {
    optimizer.step()
  } catch {
    untouched.restore()
    optimizer.step(() => {
      const loss = again()
      loss?.backward()
      return loss
    })
  }
}

/** Functions may refuse what has become of values, as a logarithm of probabilities does: that is no loss either. */
function lossAgain(again: () => Tensor | undefined): number {
  try {
    return again()?.item() ?? Number.NaN
  } catch {
    return Number.NaN
  }
}

const moved = (before: ReadonlyMap<Tensor, TypedArray>): boolean =>
  [...before].some(([x, old]) => toDense(x).some((v, i) => !Object.is(v, old[i])))

function descend(x: Tensor, g: Tensor, lr: number): void {
  const step = toDense(g)
  put(
    x,
    toDense(x).map((v, i) => v - lr * step[i]),
  )
}

function put(x: Tensor, elements: TypedArray): void {
  copyInto(x, fromArray(elements, x.shape, x.dtype))
  x.storage.changed('flow')
}

/** ‖before‖ and ‖after - before‖ in one pass over both. */
export function change(before: TypedArray, after: TypedArray): { readonly norm: number; readonly step: number } {
  let [squares, steps] = [0, 0]
  for (let i = 0; i < before.length; i++) {
    const d = after[i] - before[i]
    squares += before[i] * before[i]
    steps += d * d
  }
  return { norm: Math.sqrt(squares), step: Math.sqrt(steps) }
}

function along(g: TypedArray, before: TypedArray, after: TypedArray): number {
  let sum = 0
  for (let i = 0; i < g.length; i++) sum += g[i] * (after[i] - before[i])
  return sum
}
