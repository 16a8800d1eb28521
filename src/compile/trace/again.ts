/**
 * A compiled call once more, by the function as it is: for derivatives of derivatives, and for cotangents that belong to
 * a transform. It must then compute what it computed in the call.
 */
import { propagate } from '../../autodiff/propagate.ts'
import { flatten } from '../../autodiff/tree.ts'
import { GradError } from '../../errors/index.ts'
import type { TypedArray } from '../../ops/value.ts'
import { Storage, scope, type TapeNode, Tensor } from '../../tensor/index.ts'
import type { BuildOptions } from '../built.ts'
import { type Effects, isLive } from './effects.ts'
import { type Draws, type Lasting, runAgain } from './rerun.ts'
import { type Pattern, substitute } from './signature.ts'
import { aliasOf, type Differentiable } from './trace.ts'

/** What one call has left: an operand of its node, so that it goes when the node is freed. */
export class Receipt extends Tensor {
  readonly args: readonly unknown[]
  readonly tensors: readonly Tensor[]
  readonly draws: Draws | null
  node: TapeNode | null = null
  /** The saved values, where those of a later call have taken their place. */
  saved: readonly TypedArray[] | null = null

  constructor(args: readonly unknown[], tensors: readonly Tensor[], draws: Draws | null) {
    super(NOTHING, [0], [1], 0, 'float32')
    this.args = args
    this.tensors = tensors
    this.draws = draws
  }
}

const NOTHING = new Storage(new Float32Array(0))

export interface DerivativeSource extends Differentiable {
  readonly fn: (...args: never[]) => unknown
  readonly pattern: Pattern
  readonly effects: Effects
  readonly storages: readonly Storage[]
  readonly how: BuildOptions
}

export class Again {
  private readonly source: DerivativeSource

  constructor(source: DerivativeSource) {
    this.source = source
  }

  /** The gradients of the operands that are wanted. @throws GradError where the function would compute something else now. */
  pull(
    receipt: Receipt,
    inputs: readonly Tensor[],
    cotangents: readonly (Tensor | null)[],
    wanted: readonly boolean[],
  ): (Tensor | null)[] {
    this.checkRepeatable(receipt)
    const aliases = new Map<Tensor, Tensor>()
    const standIn = (x: Tensor): Tensor => {
      if (!x.tracked) return x
      const alias = aliases.get(x) ?? aliasOf(x)
      aliases.set(x, alias)
      alias.name = x.name
      return alias
    }
    const out = runAgain(() => this.call(receipt, standIn), receipt.draws, this.lasting(receipt))
    const results = this.live(out)
    const outputs = results.filter((y, i) => cotangents[i] !== null && y.tracked)
    const seeds = cotangents.filter((g, i) => g !== null && results[i].tracked) as Tensor[]
    const targets = inputs.map((x) => aliases.get(x) ?? x)
    const createGraph = scope().floor < 0
    const found = propagate({
      level: 0,
      outputs,
      seeds,
      targets: targets.filter((_, i) => wanted[i]),
      partial: true,
      createGraph,
      retainGraph: createGraph,
    })
    return targets.map((x, i) => (wanted[i] && found.get(x)) || null)
  }

  private call({ args }: Receipt, standIn: (x: Tensor) => Tensor): unknown {
    const { fn, pattern } = this.source
    return fn(...(substitute(pattern, args, (_, x) => standIn(x)) as never[]))
  }

  private live(out: unknown): Tensor[] {
    const { leaves } = flatten(out)
    return this.source.effects.outputs.flatMap((output, i) => (isLive(output) ? [leaves[i]] : []))
  }

  private lasting({ tensors }: Receipt): Lasting {
    const { states, gradients } = this.source.effects
    const owners = gradients.flatMap(({ of }) => (of instanceof Tensor ? [of] : []))
    return { storages: states, owners: [...owners, ...tensors] }
  }

  private checkRepeatable({ node, tensors }: Receipt): void {
    const { storages, effects, repeatable } = this.source
    const name = this.source.fn.name || 'the function'
    const why = 'for this a compiled function is run again without compile()'
    if (!repeatable || effects.changed.length > 0)
      throw new GradError(`backward: ${why}, but ${name} depends on what it has changed; do not compile it here`)
    const lasting = storages.filter((storage) => !effects.states.includes(storage))
    const changed = [...tensors.map(({ storage }) => storage), ...lasting].find((s) => s.changedAt > node!.valuesFrom)
    if (changed)
      throw new GradError(`backward: ${why}, but ${changed.changedBy} has changed in place what ${name} reads since`)
  }
}
