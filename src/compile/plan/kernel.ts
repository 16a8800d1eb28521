/** A group of loops as one kernel: operands that are equal once, results of the group as steps, the rest written. */
import type { LoopKernel, LoopStep, LoopWrite, Place, Stream } from '../../backends/kernels.ts'
import { arg, c, type Scalar, substitute } from '../../scalar/index.ts'
import type { Access, ValueId } from '../graph/graph.ts'
import { type Group, over } from './fuse/match.ts'
import { isAccess, type LoopTask } from './task.ts'

/** A place in a value, before it is known where that lies. */
export interface Spot {
  readonly value: ValueId
  readonly offset: number
}

export interface LoopDraft {
  readonly kernel: LoopKernel
  readonly reads: readonly Spot[]
  readonly writes: readonly Spot[]
}

export function kernelOf(group: Group, loops: readonly LoopTask[], needed: ReadonlySet<ValueId>): LoopDraft {
  const { sizes, inner } = group.space
  const dims = sizes.map((_, d) => d)
  const order = [...dims.filter((d) => !inner[d]), ...dims.filter((d) => inner[d])]
  const draft = new Draft(group, order)
  for (const [i, task] of loops.entries()) draft.add(group.tasks[i], task, needed.has(task.target.value))
  return {
    kernel: {
      sizes: order.map((d) => sizes[d]),
      folded: inner.filter(Boolean).length,
      dtype: loops[0].precision,
      reads: draft.reads,
      steps: draft.steps,
      writes: draft.writes,
    },
    reads: draft.readSpots,
    writes: draft.writeSpots,
  }
}

class Draft {
  readonly reads: Stream[] = []
  readonly steps: LoopStep[] = []
  readonly writes: LoopWrite[] = []
  readonly readSpots: Spot[] = []
  readonly writeSpots: Spot[] = []
  private readonly group: Group
  private readonly order: readonly number[]
  private readonly stepOf = new Map<ValueId, number>()
  private readonly streamOf = new Map<string, number>()

  constructor(group: Group, order: readonly number[]) {
    this.group = group
    this.order = order
  }

  add(t: number, task: LoopTask, isNeeded: boolean): void {
    const args = Object.fromEntries(task.args.map((x, i) => [task.names[i], isAccess(x) ? this.operand(t, x) : c(x)]))
    const formula = substitute(task.formula, args)
    this.steps.push(task.monoid ? { is: 'fold', ...task.monoid, of: formula } : { is: 'map', formula })
    const step = this.steps.length - 1
    const { value, dtype, strides, offset } = task.target
    this.stepOf.set(value, step)
    if (!isNeeded) return
    this.writes.push({ dtype, strides: this.walk(t, task.shape, strides), step })
    this.writeSpots.push({ value, offset })
  }

  private operand(t: number, x: Access): Scalar {
    const step = this.stepOf.get(x.value)
    if (step !== undefined) return arg(`s${step}`)
    const strides = this.walk(t, x.shape, x.strides)
    const key = `${x.value}:${x.offset}:${strides}`
    let at = this.streamOf.get(key)
    if (at === undefined) {
      at = this.reads.push({ dtype: x.dtype, strides }) - 1
      this.readSpots.push({ value: x.value, offset: x.offset })
      this.streamOf.set(key, at)
    }
    return arg(`r${at}`)
  }

  private walk(t: number, shape: readonly number[], strides: readonly number[]): number[] {
    const all = over(this.group, t, shape, strides)
    return this.order.map((d) => all[d])
  }
}

/** Marks writes that replace an operand in its very place. */
export function markReplaced(kernel: LoopKernel, reads: readonly Place[], writes: readonly Place[]): LoopKernel {
  const replaced = (w: LoopWrite, place: Place): LoopWrite => {
    const at = reads.findIndex(
      (r, i) =>
        r.region === place.region &&
        r.offset === place.offset &&
        r.dtype === place.dtype &&
        kernel.reads[i].strides.every((s, d) => s === w.strides[d]),
    )
    return at < 0 ? w : { ...w, over: at }
  }
  return { ...kernel, writes: kernel.writes.map((w, i) => replaced(w, writes[i])) }
}
