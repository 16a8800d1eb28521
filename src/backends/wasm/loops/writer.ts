/**
 * The code of one loop kernel: units, each a block of a map, a row or a block of columns, and in each the passes of the
 * plan. What is known once is computed before the units, what is known for a row before the pass that needs it.
 */
import type { LoopKernel } from '../../kernels.ts'
import { i32, type Local, load, op, store } from '../emit/code.ts'
import { Scope } from '../formula.ts'
import { type Lanes, strandOf, VECTOR } from '../lanes.ts'
import { type Blocks, blocksOf } from './blocks.ts'
import { type Branches, branchesOf } from './branches.ts'
import { type Accumulator, accumulator, heldBy, type Shape } from './folds.ts'
import { type Axis, type Layout, layoutOf } from './layout.ts'
import { type Body, type Extent, Nest, type Strides } from './nest.ts'
import { type Pass, type Plan, planOf } from './passes.ts'
import type { Recipe } from './recipe.ts'
import { Streams } from './streams.ts'
import { writeStripes } from './stripes.ts'
import { type Address, type Pointers, walkUnits } from './walk.ts'

export class LoopWriter {
  readonly layout: Layout
  readonly plan: Plan
  readonly blocks: Blocks
  private readonly branches: Branches
  private readonly l: Lanes
  private readonly kernel: LoopKernel
  private readonly recipe: Recipe
  private readonly addresses: readonly Local<'i32'>[]
  private readonly scratch: Local<'i32'>
  private readonly once: Scope
  private readonly streams: Streams
  private readonly nest: Nest

  constructor(l: Lanes, kernel: LoopKernel, recipe: Recipe, addresses: readonly Local<'i32'>[], scratch: Local<'i32'>) {
    this.l = l
    this.kernel = kernel
    this.recipe = recipe
    this.addresses = addresses
    this.scratch = l.f.let(scratch)
    this.layout = layoutOf(kernel, recipe, l.count)
    this.plan = planOf(kernel, recipe, this.layout)
    this.blocks = blocksOf(this.layout, recipe, this.plan, l.count)
    const results = new Set([...recipe.folds.map(({ of }) => of), ...recipe.writes, ...this.plan.slots.keys()])
    this.branches = branchesOf(recipe.steps, (i) => this.plan.levels[i] === 'point' && !results.has(i))
    this.streams = new Streams(l, kernel, this.layout)
    this.nest = new Nest(l, this.layout, this.blocks)
    this.once = new Scope(l, recipe.steps)
  }

  get units(): number {
    return this.layout.outer.reduce((n, { size }) => n * size, this.blocks.blocks)
  }

  /** Bytes that one thread needs to keep what later passes read, or what stripes have joined. */
  get scratchBytes(): number {
    const { inside, kind, lane } = this.layout
    const { striped, strips, vectors } = this.blocks
    if (striped) return this.heldBytes * strips
    const side = kind === 'column' ? vectors : Math.ceil(lane.size / this.l.count)
    return this.slots.size * VECTOR * side * inside.reduce((n, { size }) => n * size, 1)
  }

  /** The places in the scratch memory of what passes keep; in windows it stays in variables. */
  private get slots(): ReadonlyMap<number, number> {
    return this.blocks.window ? new Map() : this.plan.slots
  }

  /** Bytes of the accumulators of a shape. */
  private get heldBytes(): number {
    const { vectors } = this.blocks
    return this.recipe.folds.reduce((n, fold) => n + heldBy(this.l, fold) * vectors * VECTOR, 0)
  }

  write(from: Local<'i32'>, to: Local<'i32'>): void {
    const { f } = this.l
    if (this.units === 0) return
    this.known(this.once, this.recipe.steps.keys(), 'once', this.addresses, { rows: 1, vectors: 1, last: 1 })
    f.block((done) => {
      f.jump(done, op('i32.ge_u', from, to))
      if (this.units === 1) this.unit(this.addresses)
      else this.everyUnit(from, to)
    })
  }

  private everyUnit(from: Local<'i32'>, to: Local<'i32'>): void {
    const { outer, lane, tile } = this.layout
    const { blocks, length } = this.blocks
    const sizes = outer.map(({ size }) => size)
    const steps = this.addresses.map((_, k) => outer.map((axis) => this.streams.step(axis, k)))
    if (blocks > 1) {
      sizes.push(blocks)
      for (const [k, of] of steps.entries()) of.push(this.streams.step(tile ?? lane, k) * length)
    }
    walkUnits(this.l.f, { from, to, sizes, addresses: this.addresses, steps }, (pointers, last) =>
      this.unit(pointers, blocks > 1 ? last : undefined),
    )
  }

  private unit(pointers: Pointers, block?: Address): void {
    const { kind, tile } = this.layout
    if (kind === 'column') this.columns(pointers, block)
    else if (tile) this.tiles(pointers, tile, block)
    else this.passes(pointers, { rows: 1, vectors: this.blocks.vectors, last: this.l.count }, block)
  }

  private columns(pointers: Pointers, block: Address | undefined): void {
    const { vectors, rows } = this.blocks
    const extent = this.nest.extent(block, vectors)
    const shape = { rows, vectors, last: this.l.count }
    if (this.blocks.striped) this.striped(pointers, extent, shape)
    else
      this.nest.along(pointers, this.strides()(this.layout.lane, vectors * this.l.count), extent, shape, (at, side) =>
        this.passes(at, side),
      )
  }

  private striped(pointers: Pointers, extent: Extent, shape: Shape): void {
    const [pass] = this.plan.passes
    const { steps, folds } = this.recipe
    writeStripes(
      this.l,
      this.nest,
      { pointers, extent, shape, scratch: this.scratch, width: this.heldBytes },
      {
        all: this.strides(),
        folded: this.strides(this.used(pass)),
        start: (vectors) => pass.folds.map((i) => accumulator(this.l, folds[i], 'column', vectors)),
        join: (at, side, accumulators) => {
          const row = new Scope(this.l, steps, this.once)
          this.known(row, this.neededBy(pass), 'row', at, { ...side, rows: 1 })
          this.point(pass, new Scope(this.l, steps, row), at, side, accumulators, undefined)
        },
        finish: (at, side, accumulators) => {
          const row = new Scope(this.l, steps, this.once)
          for (const [k, a] of accumulators.entries()) this.finish(row, pass.folds[k], a)
          this.finishRow(row, at, { ...side, rows: 1 })
        },
      },
    )
  }

  /** A strip of rows along the dimension in which an operand's elements are neighbours; the last one may be narrower. */
  private tiles(pointers: Pointers, tile: Axis, block: Address | undefined): void {
    const { length, blocks } = this.blocks
    const rest = tile.size - (blocks - 1) * length
    const strip = (rows: number) => () => this.passes(pointers, { rows, vectors: 1, last: this.l.count })
    if (rest === length || block === undefined) strip(rest)()
    else this.l.f.if(op('i32.eq', block, i32(blocks - 1)), strip(rest), strip(length))
  }

  private passes(pointers: Pointers, shape: Shape, block?: Address): void {
    const { kind } = this.layout
    const { steps } = this.recipe
    const side = kind === 'column' ? { ...shape, rows: 1 } : { rows: 1, vectors: 1, last: 1 }
    const row = new Scope(this.l, steps, this.once)
    const { window } = this.blocks
    const points = new Scope(this.l, steps, row)
    const extent = kind === 'column' || this.layout.tile ? undefined : this.nest.extent(block, shape.vectors)
    for (const pass of this.plan.passes) {
      this.known(row, this.neededBy(pass), 'row', pointers, side)
      const accumulators = pass.folds.map((i) =>
        accumulator(this.l, this.recipe.folds[i], kind as 'row' | 'column', shape.vectors),
      )
      const keeps = this.slots.size > 0 && (pass.kept.length > 0 || this.saved(pass).length > 0)
      const slot = keeps ? this.l.f.let(this.scratch) : undefined
      this.walk(pass, pointers, shape, extent, (at, part) =>
        this.point(pass, window ? points : new Scope(this.l, steps, row), at, part, accumulators, slot),
      )
      for (const [k, i] of pass.folds.entries()) this.finish(row, i, accumulators[k])
    }
    this.finishRow(row, pointers, side)
  }

  /** The loops of one pass around its body. */
  private walk(pass: Pass, pointers: Pointers, shape: Shape, extent: Extent | undefined, body: Body): void {
    const { nest } = this
    const { inside, lane, tile } = this.layout
    const strides = this.strides(this.used(pass))
    if (tile) nest.tiles(tile, pointers, strides, shape.rows, body)
    else if (!extent) nest.rows(pointers, strides, shape, body)
    else {
      const steps = strides(lane, shape.vectors * this.l.count)
      nest.over(inside, pointers, strides, (at) => nest.along(at, steps, extent, shape, body))
    }
  }

  /** How far streams go, all or those that are used. */
  private strides(used?: ReadonlySet<number>): Strides {
    return (axis, times = 1) =>
      axis.strides.map((_, k) => ((used?.has(k) ?? true) ? this.streams.step(axis, k) * times : undefined))
  }

  private finishRow(row: Scope, pointers: Pointers, shape: Shape): void {
    const { writes } = this.recipe
    this.known(row, this.plan.rowWrites.map((w) => writes[w]).values(), 'row', pointers, shape)
    for (const w of this.plan.rowWrites) this.streams.write(w, row, writes[w], pointers, shape)
  }

  /** A fold's result is an argument of the steps. */
  private finish(row: Scope, fold: number, of: Accumulator): void {
    const at = this.kernel.reads.length + fold
    const result = of.finish()
    for (const [i, step] of this.recipe.steps.entries()) if (step.is === 'arg' && step.at === at) row.set(i, result)
  }

  private *neededBy({ points, folds, writes }: Pass): Generator<number> {
    for (const i of points) {
      const step = this.recipe.steps[i]
      if (step.is === 'call') yield* step.of
    }
    for (const i of folds) yield this.recipe.folds[i].of
    for (const w of writes) yield this.recipe.writes[w]
  }

  /** Computes those of the steps, and what they are made of, that are not known yet. */
  private known(scope: Scope, wanted: Iterable<number>, level: 'once' | 'row', pointers: Pointers, shape: Shape): void {
    const { steps } = this.recipe
    const found = new Set<number>()
    const pending = [...wanted]
    for (let i = pending.pop(); i !== undefined; i = pending.pop()) {
      const step = steps[i]
      if (this.plan.levels[i] !== level || found.has(i) || scope.knows(i)) continue
      found.add(i)
      if (step.is === 'call') pending.push(...step.of)
    }
    for (const i of [...found].sort((a, b) => a - b)) {
      const step = steps[i]
      if (step.is === 'arg') scope.set(i, this.streams.read(step.at, pointers, shape))
      else scope.compute(i)
    }
  }

  private point(
    pass: Pass,
    scope: Scope,
    pointers: Pointers,
    shape: Shape,
    accumulators: readonly Accumulator[],
    slot: Local<'i32'> | undefined,
  ): void {
    const { steps, folds, writes } = this.recipe
    const { f } = this.l
    const vectors = shape.rows * shape.vectors
    const place = (i: number, strand: number) => (this.slots.get(i)! * vectors + strand) * VECTOR
    const strands = Array.from({ length: vectors }, (_, s) => s)
    if (slot) {
      for (const i of pass.kept) {
        scope.set(i, this.l.let({ strands: strands.map((s) => load('v128.load', slot, place(i, s))) }))
      }
    }
    const missing = pass.points.filter((i) => !scope.knows(i))
    for (const i of missing) {
      const step = steps[i]
      if (step.is === 'arg') scope.set(i, this.streams.read(step.at, pointers, shape))
    }
    for (const i of missing) if (!this.branches.steps.has(i)) this.compute(scope, i, vectors)
    if (slot) {
      for (const i of this.saved(pass)) {
        for (const s of strands) f.do(store('v128.store', slot, strandOf(scope.value(i), s), place(i, s)))
      }
    }
    for (const [k, i] of pass.folds.entries()) accumulators[k].join(scope.value(folds[i].of), shape)
    // Every value before any store: an operand may lie where another write goes.
    for (const w of pass.writes) this.streams.value(w, scope, writes[w])
    for (const w of pass.writes) this.streams.write(w, scope, writes[w], pointers, shape)
    if (slot) f.advance(slot, this.slots.size * vectors * VECTOR)
  }

  /** A step, with what it alone needs. */
  private compute(scope: Scope, i: number, strands: number): void {
    const branch = this.branches.of.get(i)
    if (!branch) scope.compute(i)
    else
      scope.choose(i, branch.place, strands, (inner) => {
        for (const k of branch.steps) this.compute(inner, k, strands)
      })
  }

  /** What the pass computes that a later one reads. */
  private saved({ points }: Pass): number[] {
    return points.filter((i) => this.slots.has(i))
  }

  private used({ points, writes }: Pass): Set<number> {
    const { steps } = this.recipe
    const operands = points.flatMap((i) => {
      const step = steps[i]
      return step.is === 'arg' ? [step.at] : []
    })
    return new Set([...operands, ...writes.map((w) => this.kernel.reads.length + w)])
  }
}
