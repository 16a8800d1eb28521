/**
 * The recorder: while it runs, it notes every application of an op, where in the program it happened, what backward
 * brought, and which variable each value was assigned to. It keeps references, and copies only what is about to change.
 */
import type { Module } from '../../nn/module.ts'
import { observeModules } from '../../nn/observe.ts'
import { fromArray, observe, type TapeNode, Tensor, youngestNode } from '../../tensor/index.ts'
import { type BackwardCall, type Kept, keep } from './kept.ts'
import { ModulePath } from './module-path.ts'
import { type FileObserver, provideObserver } from './protocol.ts'

/** The pass of a loop in which something happened: `index` counts from 0. */
export interface Iteration {
  readonly line: number
  readonly column: number
  readonly index: number
}

/** One application of an op as it happened. */
export interface Event {
  readonly node: TapeNode
  readonly kept: Kept
  /** Made where the op was applied; its stack is read when somebody asks. */
  readonly site: Error
  /** The modules that were at work, the outermost first. */
  readonly modules: readonly string[]
  readonly iterations: readonly Iteration[]
}

/** A value was assigned to a variable. */
export interface Assignment {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly column: number
  readonly value: unknown
  /** The elements at that moment, of a tensor of few elements. */
  readonly shown: Tensor | undefined
  /** The number of the youngest node at that moment. */
  readonly after: number
  readonly iterations: readonly Iteration[]
}

/** Values that are shown beside their line must be few: this many elements are copied. */
const SHOWN = 64
/** Frames of the library itself lie on top of the program's own: few for an op, many inside of modules. Each one costs. */
const DEPTH = { op: 14, module: 40 }

export class Recorder {
  readonly maxNodes: number
  readonly events: Event[] = []
  readonly calls: BackwardCall[] = []
  readonly assignments: Assignment[] = []
  /** Names of parameters by the keys of the module that was called. */
  readonly keys = new Map<Tensor, string>()
  /** Nodes beyond `maxNodes`, of which only the number is known. */
  dropped = 0
  readonly #byNode = new Map<TapeNode, Event>()
  readonly #snapshots = new Map<Tensor, { version: number; copy: Tensor }>()
  readonly #modules = new ModulePath(this.keys)
  #iterations: Iteration[] = []
  /** How many nodes the walk that is under way has visited. */
  #visits = 0
  #stops: (() => void)[] = []

  constructor(maxNodes: number) {
    this.maxNodes = maxNodes
  }

  start(): void {
    this.#stops = [
      observe({
        recorded: (node) => this.#recorded(node),
        changing: (x) => this.#changing(x),
        walking: (roots, seeds) => {
          this.calls.push({ roots, seeds })
          this.#visits = 0
        },
        visited: (node, cotangents, contributions) => this.#visited(node, cotangents, contributions),
      }),
      observeModules<Module>({
        entered: (module) => this.#modules.enter(module),
        left: () => this.#modules.leave(),
      }),
      provideObserver({ file: (path) => this.#file(path) }),
    ]
  }

  stop(): void {
    for (const stop of this.#stops) stop()
    this.#stops = []
  }

  #recorded(node: TapeNode): void {
    // What transforms do inside of themselves is theirs; their results appear on the tape of the program.
    if (node.level !== 0) return
    if (this.events.length >= this.maxNodes) {
      this.dropped++
      return
    }
    const operands = node.inputs!
    const kept: Kept = {
      operands,
      inputs: operands.map((x) => this.#asItIs(x)),
      outputs: [...node.outputs!],
      results: node.outputs!,
      visits: [],
    }
    keep(node, kept)
    const event = {
      node,
      kept,
      site: captureSite(this.#modules.path.length > 0 ? DEPTH.module : DEPTH.op),
      modules: this.#modules.path,
      iterations: this.#iterations,
    }
    this.events.push(event)
    this.#byNode.set(node, event)
  }

  /** Optimizers write into parameters without asking: what is read of those is copied, once per version. */
  #asItIs(x: Tensor | number): Tensor | number {
    if (typeof x === 'number' || !x.tracked || x.gradFn) return x
    const known = this.#snapshots.get(x)
    if (known?.version === x.version) return known.copy
    const copy = copyOf(x)
    this.#snapshots.set(x, { version: x.version, copy })
    return copy
  }

  #changing({ storage }: Tensor): void {
    const asItWas = <X extends Tensor | number>(x: X): X =>
      typeof x !== 'number' && x.storage === storage ? (copyOf(x) as X) : x
    for (const { kept } of this.events) {
      kept.inputs = kept.inputs.map(asItWas)
      kept.outputs = kept.outputs.map(asItWas)
    }
  }

  #visited(node: TapeNode, cotangents: readonly (Tensor | null)[], contributions: readonly (Tensor | null)[]): void {
    const event = this.#byNode.get(node)
    if (!event) return
    // What is held here must not become somebody's `.grad` to write into.
    for (const g of [...cotangents, ...contributions]) if (g) g.storage.seen = true
    const call = this.calls[this.calls.length - 1]
    event.kept.visits.push({ call, order: this.#visits++, cotangents: [...cotangents], contributions })
  }

  #file(file: string): FileObserver {
    return {
      name: (value, name, line, column) => {
        this.#assigned({ name, file, line, column, value })
        return value
      },
      loop: (line, column) => {
        this.#iterations = [...this.#iterations, { line, column, index: -1 }]
      },
      // Loops of async functions interleave: the one that goes on or ends need not be the innermost.
      iteration: (line, column) => {
        const place = this.#placeOf(line, column)
        if (place < 0) return
        this.#iterations = this.#iterations.map((i, k) => (k === place ? { ...i, index: i.index + 1 } : i))
      },
      endLoop: (line, column) => {
        const place = this.#placeOf(line, column)
        if (place >= 0) this.#iterations = this.#iterations.filter((_, k) => k !== place)
      },
    }
  }

  #placeOf(line: number, column: number): number {
    return this.#iterations.findLastIndex((i) => i.line === line && i.column === column)
  }

  #assigned(at: Pick<Assignment, 'name' | 'file' | 'line' | 'column' | 'value'>): void {
    const { value, name } = at
    if (value instanceof Tensor) value.name ??= name
    if (this.assignments.length >= this.maxNodes) return
    const shown = value instanceof Tensor && !value.box && value.size <= SHOWN ? copyOf(value) : undefined
    this.assignments.push({ ...at, shown, after: youngestNode(), iterations: this.#iterations })
  }
}

/** The same elements and name, apart from the original and without its history. */
function copyOf(x: Tensor): Tensor {
  const copy = fromArray(x.data, x.shape, x.dtype)
  copy.name = x.name
  return copy
}

export function captureSite(depth: number): Error {
  const before = Error.stackTraceLimit
  Error.stackTraceLimit = depth
  const site = new Error('applied here')
  Error.stackTraceLimit = before
  return site
}
