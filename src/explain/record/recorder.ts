/**
 * The recorder: while it runs, it notes every application of an op, where in the program it happened, what backward
 * brought, and which variable each value was assigned to. What it keeps are copies: see `snapshots.ts`.
 */
import type { Module } from '../../nn/module.ts'
import { observeModules } from '../../nn/observe.ts'
import { observe, type TapeNode, Tensor, youngestNode } from '../../tensor/index.ts'
import { type BackwardCall, type Kept, keep } from './kept.ts'
import { ModulePath } from './module-path.ts'
import { type FileObserver, provideObserver } from './protocol.ts'
import { Snapshots } from './snapshots.ts'

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
  /** Made where the op was applied, if places are noted; its stack is read when somebody asks. */
  readonly site: Error | undefined
  /** The folder from which paths are told. */
  readonly root: string
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

/** Which call of backward a recording is about: the last one, or that of this number, from 1. */
export type Focus = number | 'last'

/** A walk back that is under way. */
interface Walk {
  /** Null for the walks of transforms (`grad`, `vjp`), which are their own. */
  readonly call: BackwardCall | null
  visits: number
  /** Nodes that it came by but that are not kept. */
  missed: number
}

export class Recorder {
  readonly maxNodes: number
  events: Event[] = []
  calls: BackwardCall[] = []
  assignments: Assignment[] = []
  /** Names of parameters by the keys of the module that was called. */
  readonly keys = new Map<Tensor, string>()
  /** Nodes beyond `maxNodes`, of which only the number is known. */
  dropped = 0
  /** Ops that the program applied without a tape: to constants alone, or inside of noGrad. */
  unrecorded = 0
  readonly #root: string
  readonly #places: boolean
  readonly #focus: Focus | undefined
  #byNode = new Map<TapeNode, Event>()
  readonly #snapshots = new Snapshots()
  readonly #modules = new ModulePath(this.keys)
  #iterations: Iteration[] = []
  /** The walks that are under way, one inside of the other. */
  readonly #walks: Walk[] = []
  /** With a focus: how many calls there were, and how many assignments before the end of the last one. */
  #count = 0
  #before = 0
  #stops: (() => void)[] = []

  /**
   * @param places whether it is noted where in the program each op was applied.
   * @param focus one call of backward to keep, and only what it went over; all of them unless given.
   */
  constructor(maxNodes: number, root: string, places: boolean, focus?: Focus) {
    this.maxNodes = maxNodes
    this.#root = root
    this.#places = places
    this.#focus = focus
  }

  start(): void {
    this.#stops = [
      observe({
        recorded: (node) => this.#recorded(node),
        applied: (_op, _inputs, _attrs, outputs) => {
          // What backward applies is its own.
          if (this.#walks.length === 0 && outputs.every((y) => y.gradFn === null)) this.unrecorded++
        },
        walking: (roots, seeds) => this.#walking(roots, seeds),
        visited: (node, cotangents, contributions) => this.#visited(node, cotangents, contributions),
        walked: (failed) => this.#walked(failed),
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
    if (this.#focus === undefined || this.#count === 0) return
    this.#forget((visits) => visits > 0)
    this.assignments.length = this.#before
  }

  /** Whether the call that is asked for has ended. */
  get #isOver(): boolean {
    return this.#count === this.#focus
  }

  #recorded(node: TapeNode): void {
    // What transforms do inside of themselves is theirs; their results appear on the tape of the program.
    if (node.level !== 0 || this.#isOver) return
    if (this.events.length >= this.maxNodes && !this.#makeRoom()) {
      this.dropped++
      return
    }
    const operands = node.inputs!
    const kept: Kept = {
      operands,
      inputs: operands.map((x) => this.#asItIs(x)),
      outputs: node.outputs!.map((y) => this.#asItIs(y)),
      results: node.outputs!,
      visits: [],
    }
    keep(node, kept)
    const event = {
      node,
      kept,
      site: this.#places ? captureSite(this.#modules.path.length > 0 ? DEPTH.module : DEPTH.op) : undefined,
      root: this.#root,
      modules: this.#modules.path,
      iterations: this.#iterations,
    }
    this.events.push(event)
    this.#byNode.set(node, event)
  }

  #asItIs<X extends Tensor | number | null>(x: X): X | Tensor {
    return x instanceof Tensor ? this.#snapshots.of(x) : x
  }

  #walking(roots: readonly Tensor[], seeds: readonly Tensor[]): void {
    const isOwn = roots.every((y) => y.level === 0)
    const call = isOwn ? { roots, seeds: seeds.map((g) => this.#snapshots.of(g)) } : null
    this.#walks.push({ call, visits: 0, missed: 0 })
    if (call && !this.#isOver) this.calls.push(call)
  }

  #visited(node: TapeNode, cotangents: readonly (Tensor | null)[], contributions: readonly (Tensor | null)[]): void {
    const event = this.#byNode.get(node)
    const walk = this.#walks.at(-1)
    if (!walk?.call || this.#isOver) return
    if (!event) {
      walk.missed++
      return
    }
    event.kept.visits.push({
      call: walk.call,
      order: walk.visits++,
      cotangents: cotangents.map((g) => this.#asItIs(g)),
      contributions: contributions.map((g) => this.#asItIs(g)),
    })
  }

  /**
   * With a focus, what no call can be about any more is forgotten when one ends, so that training loops of any length can
   * be recorded: what this call did not come by but an earlier one did, and what variables were before their last value.
   */
  #walked(failed: boolean): void {
    const walk = this.#walks.pop()
    if (!walk?.call || this.#isOver) return
    if (failed) this.#undo(walk.call)
    if (failed || this.#focus === undefined || this.#walks.length > 0) return
    const { call, missed } = walk
    this.calls = [call]
    for (const { kept } of this.events) {
      const own = kept.visits.filter((visit) => visit.call === call)
      if (own.length > 0) kept.visits.splice(0, kept.visits.length, ...own)
    }
    this.#forget((visits, kept) => visits === 0 || kept.visits[0].call === call)
    this.assignments = latest(this.assignments)
    this.#before = this.assignments.length
    this.dropped = missed
    this.#count++
  }

  /** A call that threw brought no gradient to anybody, so that it is none to be shown. */
  #undo(failed: BackwardCall): void {
    this.calls = this.calls.filter((call) => call !== failed)
    for (const { kept } of this.events) {
      const others = kept.visits.filter(({ call }) => call !== failed)
      if (others.length < kept.visits.length) kept.visits.splice(0, kept.visits.length, ...others)
    }
  }

  #forget(stays: (visits: number, kept: Kept) => boolean): void {
    this.events = this.events.filter(({ kept }) => stays(kept.visits.length, kept))
    this.#byNode = new Map(this.events.map((event) => [event.node, event]))
  }

  /** With a focus, the newest ops are the ones that count: the older half makes room for them. */
  #makeRoom(): boolean {
    if (this.#focus === undefined) return false
    for (const { node } of this.events.splice(0, Math.ceil(this.events.length / 2))) this.#byNode.delete(node)
    return true
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
    if (this.assignments.length >= this.maxNodes || this.#isOver) return
    const shown = value instanceof Tensor && !value.box && value.size <= SHOWN ? this.#asItIs(value) : undefined
    this.assignments.push({ ...at, shown, after: youngestNode(), iterations: this.#iterations })
  }
}

/** Of each place in the source, the last assignment. */
const latest = (assignments: readonly Assignment[]): Assignment[] => [
  ...new Map(assignments.map((a) => [JSON.stringify([a.file, a.line, a.column, a.name]), a])).values(),
]

export function captureSite(depth: number): Error {
  const before = Error.stackTraceLimit
  Error.stackTraceLimit = depth
  const site = new Error('applied here')
  Error.stackTraceLimit = before
  return site
}
