/**
 * Watching one pass of a program, forward and back: every value and what it was made from, recorded or not; every call of
 * a module; the cotangents that backward brings. It keeps references and copies nothing.
 */
import type { Module } from '../../nn/module.ts'
import { observeModules } from '../../nn/observe.ts'
import type { Op } from '../../ops/kinds/op.ts'
import type { Attrs } from '../../ops/value.ts'
import { firstNonFinite, observe, scope, type TapeNode, Tensor } from '../../tensor/index.ts'
import { captureSite } from '../record/recorder.ts'
import { measure, type TensorStatistics } from './statistics.ts'

/** One step from values to values: the application of an op, or what moves values without one. */
export interface Application {
  readonly how: 'applied' | 'detached' | 'written'
  /** Null where none was applied. */
  readonly op: Op | null
  readonly name: string
  readonly inputs: readonly (Tensor | number)[]
  readonly attrs: Attrs
  readonly outputs: readonly Tensor[]
  /** Where it stands on the tape; null where it was not recorded. */
  readonly node: TapeNode | null
  /** Whether operations were being recorded, as they are not inside of `noGrad`. */
  readonly recording: boolean
  /** The innermost module at work, and the one that was last called inside of it. */
  readonly call: ModuleCall | null
  readonly after: ModuleCall | null
  /** Made where it happened, if places are kept: its stack is read when somebody asks. */
  readonly site: Error | undefined
  /** True of what backward itself computes. */
  readonly backward: boolean
}

/** One call of a module's forward. */
export interface ModuleCall {
  readonly module: Module
  readonly parent: ModuleCall | null
  /** The module called last inside of it; null where it called none. */
  last: ModuleCall | null
  /** How many applications there were before it returned. */
  end: number
  output: Port | null
  statistics: TensorStatistics | null
}

/** A value and the place on the tape that it came from at that time. */
export interface Port {
  readonly tensor: Tensor
  readonly node: TapeNode | null
  readonly index: number
}

export interface Visit {
  readonly node: TapeNode
  readonly cotangents: readonly (Tensor | null)[]
  readonly contributions: readonly (Tensor | null)[]
}

/** One walk back over the tape. */
export interface WalkBack {
  readonly roots: readonly Tensor[]
  readonly cotangents: Map<TapeNode, readonly (Tensor | null)[]>
  /** What arrived at each leaf, one contribution per use; noted by a thorough watch only, like the next. */
  readonly leaves: Map<Tensor, Tensor[]>
  /** The first node that made something not finite of finite cotangents. */
  broken: Visit | null
}

/** What was seen of a pass, but for the walks back. */
export interface Seen {
  readonly applications: readonly Application[]
  /** In the order in which they returned. */
  readonly calls: readonly ModuleCall[]
}

export interface WatchOptions {
  /**
   * Whether to keep where each op was applied and what is not recorded, and to look for the first value in backward that
   * is not finite. Without it watching costs little.
   */
  readonly thorough: boolean
}

/** Frames of the library itself lie on top of the program's own. */
const DEPTH = 40
/** A training step has fewer applications; what goes on longer than this is none, and is not held on to. */
const MOST = 1_000_000

export class Watch implements Seen {
  readonly applications: Application[] = []
  readonly calls: ModuleCall[] = []
  readonly walks: WalkBack[] = []
  readonly #thorough: boolean
  readonly #stack: ModuleCall[] = []
  #current: ModuleCall | null = null
  /** The module called last outside of all others. */
  #last: ModuleCall | null = null
  /** The walks that are under way, one inside of the other. */
  readonly #walking: WalkBack[] = []
  #stops: (() => void)[] = []

  constructor({ thorough }: WatchOptions) {
    this.#thorough = thorough
  }

  start(): void {
    this.#stops = [
      observe({
        applied: (op, inputs, attrs, outputs) => this.#note('applied', op, inputs, attrs, outputs),
        detached: (x, alias) => this.#note('detached', null, [x], {}, [alias]),
        changing: (x, value) => this.#note('written', null, [value], {}, [x]),
        walking: (roots) => this.#walk(roots),
        visited: (node, cotangents, contributions) => this.#visited({ node, cotangents, contributions }),
        walked: () => void this.#walking.pop(),
      }),
      observeModules<Module>({
        entered: (module) => this.#entered(module),
        left: (_, output) => this.#left(output),
      }),
    ]
  }

  stop(): void {
    for (const stop of this.#stops) stop()
    this.#stops = []
  }

  #note(
    how: Application['how'],
    op: Op | null,
    inputs: Application['inputs'],
    attrs: Attrs,
    outputs: readonly Tensor[],
  ): void {
    const recording = scope().floor < 0
    if (!this.#thorough && (!recording || this.applications.length >= MOST)) return
    this.applications.push({
      how,
      op,
      name: op?.name ?? (how === 'detached' ? 'detach' : 'assign'),
      inputs,
      attrs,
      outputs,
      node: op === null ? null : (outputs.find((y) => y.gradFn)?.gradFn ?? null),
      recording,
      call: this.#current,
      after: this.#current ? this.#current.last : this.#last,
      site: this.#thorough && this.#walking.length === 0 ? captureSite(DEPTH) : undefined,
      backward: this.#walking.length > 0,
    })
  }

  #entered(module: Module): void {
    const parent = this.#current
    const call: ModuleCall = { module, parent, last: null, end: 0, output: null, statistics: null }
    // A class that calls the forward of its parent class is still at work on the same call.
    this.#stack.push(parent?.module === module ? parent : call)
    this.#current = this.#stack[this.#stack.length - 1]
  }

  #left(output: unknown): void {
    const call = this.#stack.pop()
    if (!call) return
    this.#current = this.#stack[this.#stack.length - 1] ?? null
    // Backward repeats calls whose values were dropped.
    if (this.#current === call || this.#walking.length > 0) return
    if (!this.#thorough && scope().floor >= 0) return
    if (this.#current) this.#current.last = call
    else this.#last = call
    call.end = this.applications.length
    this.calls.push(call)
    const tensor = mainTensor(output)
    if (!tensor) return
    call.output = { tensor, node: tensor.gradFn, index: tensor.outputIndex }
    // What calls others is seldom a layer itself; its result is measured if it is asked for.
    if (call.last === null) call.statistics = measure(tensor)
  }

  #walk(roots: readonly Tensor[]): void {
    const walk = { roots, cotangents: new Map(), leaves: new Map(), broken: null }
    this.walks.push(walk)
    this.#walking.push(walk)
  }

  #visited(visit: Visit): void {
    const { node, cotangents } = visit
    if (node.level !== 0) return
    const walk = this.#walking[this.#walking.length - 1]
    // What is held here must not become somebody's `.grad` to write into.
    for (const g of cotangents) if (g) g.storage.seen = true
    walk.cotangents.set(node, [...cotangents])
    if (this.#thorough) this.#explore(walk, visit)
  }

  #explore(walk: WalkBack, visit: Visit): void {
    const { node, contributions } = visit
    for (const g of contributions) if (g) g.storage.seen = true
    node.inputs!.forEach((x, i) => {
      const g = contributions[i]
      if (typeof x === 'number' || !g || x.originAt(node.recordedAt).gradFn) return
      const known = walk.leaves.get(x)
      if (known) known.push(g)
      else walk.leaves.set(x, [g])
    })
    if (!walk.broken && breaks(visit)) walk.broken = visit
  }
}

const breaks = ({ cotangents, contributions }: Visit): boolean =>
  contributions.some((g) => g && firstNonFinite(g) >= 0) && cotangents.every((g) => !g || firstNonFinite(g) < 0)

/** The first tensor in what a module returned: the output of a recurrent layer, not its last state. */
function mainTensor(output: unknown): Tensor | null {
  if (output instanceof Tensor) {
    // Inside of a transform, what stands at the bottom: under vmap the values of the whole batch.
    let value = output
    while (value.box) value = value.box.value
    return value
  }
  if (typeof output !== 'object' || output === null) return null
  for (const part of Object.values(output)) {
    const found = mainTensor(part)
    if (found) return found
  }
  return null
}
