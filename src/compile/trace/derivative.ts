/**
 * A compiled call as one node of the tape. Its pullback is a program of its own, made when it is first asked for, which
 * reads arguments and parameters where they are and the saved values where the call has left them. The next call leaves
 * its own there: before it does, what an earlier one still needs is copied.
 */
import { GradError } from '../../errors/index.ts'
import { allocate } from '../../ops/dtype.ts'
import type { Call, Linear, Op } from '../../ops/kinds/op.ts'
import { routine } from '../../ops/kinds/routine.ts'
import { fromArray, record, Storage, scope, Tensor, tracing } from '../../tensor/index.ts'
import { build } from '../build.ts'
import type { Built } from '../built.ts'
import type { ValueId } from '../graph/graph.ts'
import type { Part, Place } from '../graph/split.ts'
import { Again, type DerivativeSource, Receipt } from './again.ts'
import { isLive, type ResultOutput } from './effects.ts'
import { copyOf, load } from './elements.ts'
import type { Pulled } from './pullback.ts'
import { accounting, type Draws } from './rerun.ts'
import { attempt } from './trace.ts'

/** A pullback from some results to some operands. */
interface Ready {
  readonly used: readonly boolean[]
  readonly wanted: readonly boolean[]
  /** Null where the program cannot do it. */
  readonly built: Built | null
  /** What each input is. */
  readonly inputs: readonly Source[]
  /** Per operand which result is its gradient; -1 where it has none. */
  readonly gradients: readonly number[]
}

type Source = { readonly argument: number; readonly whole: boolean } | { readonly cotangent: number }

export class Derivative {
  /** What runs at a call. */
  readonly first: Built
  private readonly source: DerivativeSource
  private readonly again: Again
  private readonly saved: readonly Storage[]
  private readonly op: Op
  private readonly draws: boolean
  /** The results that are differentiated. */
  private readonly outputs: readonly ResultOutput[]
  /** Operands of the node: arguments by their numbers, captured tensors, and per target which of them it is. */
  private readonly operands: (number | Tensor)[] = []
  private readonly slots: number[]
  private readonly pulled: { readonly used: readonly boolean[]; readonly by: Pulled | null }[]
  private readonly ready: Ready[] = []
  /** Whose saved values are in place. */
  private owner: WeakRef<Receipt> | null = null

  constructor(source: DerivativeSource) {
    this.source = source
    this.again = new Again(source)
    const { split, effects, targets, pulled } = source
    this.outputs = effects.outputs.filter(isLive)
    this.saved = split.saved.map(({ dtype, size }) => new Storage(allocate(dtype, size)))
    const first = split.head(effects.inputs.length)
    this.first = this.build(first)
    this.draws = first.graph.nodes.some(({ is }) => is === 'host')
    this.pulled = [{ used: this.outputs.map(() => true), by: pulled }]
    this.slots = targets.map((target, t) => {
      if (pulled.gradients[t] === null) return -1
      return this.operands.push(target instanceof Tensor ? target : target.argument) - 1
    })
    this.op = this.makeOp(this.readOperands(split.tail(pulled)!))
  }

  private build({ graph, states }: Part): Built {
    const at = (place: Place) => (place.is === 'saved' ? this.saved[place.slot] : this.source.storages[place.index])
    return build(graph, states.map(at), this.source.how)
  }

  /** The operands whose elements the pullback reads; those that are not there yet are added. */
  private readOperands(part: Part): number[] {
    const { effects, storages } = this.source
    const read = new Set<number>()
    const slotOf = (isIt: (x: number | Tensor) => boolean, made: () => number | Tensor) => {
      const known = this.operands.findIndex(isIt)
      read.add(known >= 0 ? known : this.operands.push(made()) - 1)
    }
    for (const input of part.inputs) {
      const argument = effects.inputs[input]?.argument
      if (argument !== undefined)
        slotOf(
          (x) => x === argument,
          () => argument,
        )
    }
    for (const place of part.states) {
      if (place.is === 'saved') continue
      const storage = storages[place.index]
      const info = part.graph.states[part.states.indexOf(place)]
      const { dtype, size } = part.graph.values[info.before]
      slotOf(
        (x) => x instanceof Tensor && x.storage === storage,
        () => new Tensor(storage, [size], [1], 0, dtype),
      )
    }
    return [...read]
  }

  private makeOp(reads: readonly number[]): Op {
    const name = this.source.fn.name || 'compiled'
    const refuse = (): never => {
      throw new GradError(
        `${name}: the call of a compiled function is over and cannot be looked into or repeated with other values; ` +
          'call it inside of record(() => ...) or of the transform, where it runs step by step, or without compile()',
      )
    }
    const vjp = (call: Call, g: readonly Linear[], wanted: readonly boolean[]) =>
      this.pull(call.inputs as readonly Tensor[], g as readonly (Tensor | null)[], wanted)
    return routine({ name, infer: refuse, kernel: refuse, jvp: refuse, vjp, reads }, () => undefined) as unknown as Op
  }

  /** Runs the first part. What it returns is for `attach`. */
  run(): Draws | null {
    this.putAside()
    this.owner = null
    if (!this.draws) {
      this.first.run()
      return null
    }
    return accounting(() => this.first.run()).draws
  }

  /** Puts the results of a call on the tape. */
  attach(args: readonly unknown[], tensors: readonly Tensor[], results: readonly Tensor[], draws: Draws | null): void {
    const receipt = new Receipt([...args], [...tensors], draws)
    const inputs: Tensor[] = this.operands.map((x) => (typeof x === 'number' ? tensors[x] : x))
    inputs.push(receipt)
    const outputs = [...results]
    this.owner = new WeakRef(receipt)
    record(this.op, inputs, {}, outputs, 0)
    receipt.node = outputs[0].gradFn
  }

  /** Copies the saved values that are in place, if their node may still be visited. */
  private putAside(): void {
    const receipt = this.owner?.deref()
    if (receipt && !receipt.node!.freed) receipt.saved ??= this.saved.map(({ buffer }) => buffer.slice())
  }

  private bring(receipt: Receipt): void {
    if (this.owner?.deref() === receipt) return
    this.putAside()
    this.saved.forEach(({ buffer }, slot) => {
      buffer.set(receipt.saved![slot])
    })
    this.owner = new WeakRef(receipt)
  }

  private pull(
    inputs: readonly Tensor[],
    cotangents: readonly (Tensor | null)[],
    wanted: readonly boolean[],
  ): (Tensor | null)[] {
    const receipt = inputs[inputs.length - 1] as Receipt
    const recording = scope().floor < 0
    const further = (x: Tensor | null) => x !== null && (x.box !== null || (recording && x.tracked))
    const ready =
      tracing.tracer || cotangents.some(further) || inputs.some(further) ? null : this.find(cotangents, wanted)
    if (!ready?.built) return this.again.pull(receipt, inputs, cotangents, wanted)
    const { built } = ready
    this.bring(receipt)
    ready.inputs.forEach((source, i) => {
      const to = built.inputs[i]
      if (to.length === 0) return
      if ('cotangent' in source) load(to, cotangents[source.cotangent]!)
      else if (source.whole) to.set(receipt.tensors[source.argument].storage.buffer)
      else load(to, receipt.tensors[source.argument])
    })
    built.run()
    return inputs.map((x, slot) => {
      const result = ready.gradients[slot]
      return result < 0 ? null : fromArray(copyOf(built.results[result], x.dtype), x.shape, x.dtype)
    })
  }

  private find(cotangents: readonly (Tensor | null)[], wanted: readonly boolean[]): Ready {
    const used = cotangents.map((g) => g !== null)
    const known = this.ready.find((ready) => same(ready.used, used) && same(ready.wanted, wanted))
    if (known) return known
    const made = this.make(used, wanted)
    this.ready.push(made)
    return made
  }

  private make(used: readonly boolean[], wanted: readonly boolean[]): Ready {
    const { split, effects } = this.source
    const pulled = this.pulledFor(used)
    const results: ValueId[] = []
    const gradients = wanted.map((want, slot) => {
      const id = want && pulled ? pulled.gradients[this.slots.indexOf(slot)] : null
      return typeof id === 'number' ? results.push(id) - 1 : -1
    })
    const part = pulled && split.tail({ ...pulled, results })
    if (!part) return { used, wanted, built: null, inputs: [], gradients }
    const inputs = part.inputs.map(
      (input): Source => effects.inputs[input] ?? { cotangent: pulled!.cotangents[input - pulled!.firstInput] },
    )
    return { used, wanted, built: this.build(part), inputs, gradients }
  }

  private pulledFor(used: readonly boolean[]): Pulled | null {
    const known = this.pulled.find((pulled) => same(pulled.used, used))
    if (known) return known.by
    const by = attempt(() => this.source.pullback.writeLater(used))
    this.pulled.push({ used, by })
    return by
  }
}

const same = (a: readonly boolean[], b: readonly boolean[]): boolean => a.every((x, i) => x === b[i])
