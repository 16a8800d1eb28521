/**
 * Which way computes a product fastest here: BLAS or WebAssembly, packed or not, tried once per process and kind of
 * product, on memory of its own. `CHAINRULE_TUNE=off` takes the first of each plan, for results with the same bits from
 * run to run.
 */
import { bytesPerElement } from '../../../ops/dtype.ts'
import type { NativeProducts } from '../../blas/native.ts'
import { spanOfOperand } from '../../span.ts'
import { ModuleBuilder } from '../emit/module.ts'
import type { Heap } from '../memory.ts'
import { type Callees, perform } from '../threads/perform.ts'
import { instantiate } from '../wasm.ts'
import { emitProducts, type ProductPlan } from './plan.ts'
import type { Way } from './way.ts'

/** How long each way is tried, in milliseconds, unless so many runs take longer. */
const PATIENCE = 0.1
/** The fastest of so many runs counts, at least: other work may have interrupted some. */
const LEAST_RUNS = 4
/**
 * Multiply-adds, and rows, columns and steps, from which products are alike: by how much BLAS is faster varies little, and
 * grows with their size. Who is faster by LEAD in the smallest of them need not be tried in the others.
 */
const LARGE = 2 ** 16
const BROAD = 16
const LEAD = 1.25
/** Multiply-adds, twice: of larger products some units are tried. */
const ENOUGH = 4e6
/** At least this part of a product is tried, so that what is packed once is not overestimated. */
const PART = 1 / 8

const fastest = new Map<string, number>()
/** Per dtype whether large products are better left to BLAS. */
const leads = new Map<string, boolean>()

/** The way to take for each plan. The products are those of BLAS, if plans have ways by it. */
export function tune(plans: readonly ProductPlan[], heap: Heap, products: NativeProducts | undefined): Way[] {
  if (globalThis.process?.env?.CHAINRULE_TUNE !== 'off') {
    const distinct = new Map(plans.map((plan) => [plan.key, plan]))
    const unknown = [...distinct.values()].filter((plan) => !fastest.has(plan.key) && candidates(plan).length > 1)
    const alike = unknown.filter(isLarge).sort((a, b) => a.flops - b.flops)
    const first = alike.filter((plan, i) => alike.findIndex((p) => dtypeOf(p) === dtypeOf(plan)) === i)
    const examples = first.filter((plan) => !leads.has(dtypeOf(plan)))
    tryAll([...unknown.filter((plan) => !isLarge(plan)), ...examples], heap, products)
    const left = alike.filter((plan) => !fastest.has(plan.key))
    for (const plan of left) if (leads.get(dtypeOf(plan))) fastest.set(plan.key, 0)
    tryAll(
      left.filter((plan) => !fastest.has(plan.key)),
      heap,
      products,
    )
  }
  return plans.map((plan) => plan.choices[fastest.get(plan.key) ?? 0])
}

const dtypeOf = ({ kernel }: ProductPlan) => kernel.dtype

/** A product of many large matrices that BLAS reads in place. */
const isLarge = ({ sizes: { m, n, k }, choices: [first] }: ProductPlan): boolean =>
  first.by === 'blas' && !first.emit && m * n * k >= LARGE && Math.min(m, n, k) >= BROAD

/** The likely best of each kind: which packing is best varies little from machine to machine. */
function candidates({ choices }: ProductPlan): Way[] {
  return choices.filter((way, i) => choices.findIndex(({ by }) => by === way.by) === i)
}

function tryAll(plans: readonly ProductPlan[], heap: Heap, products: NativeProducts | undefined): void {
  if (plans.length === 0) return
  const module = new ModuleBuilder()
  emitProducts(module, plans.flatMap(candidates))
  const callees: Callees = { exports: instantiate(module, heap), base: 0, ...products }
  for (const plan of plans) {
    const ways = candidates(plan)
    const times = timesOf(plan, ways, heap, callees)
    const least = Math.min(...times)
    fastest.set(plan.key, plan.choices.indexOf(ways[times.indexOf(least)]))
    if (isLarge(plan)) leads.set(dtypeOf(plan), times[0] * LEAD < Math.min(...times.slice(1)))
  }
}

/** The time of the whole product in each way. */
function timesOf(plan: ProductPlan, ways: readonly Way[], heap: Heap, callees: Callees): number[] {
  const size = bytesPerElement[plan.kernel.dtype]
  const taken: number[] = []
  const reserve = (bytes: number): number => {
    const at = heap.reserve(bytes)
    taken.push(at)
    return at
  }
  try {
    const [a, b, c] = [0, 1, 2].map((x) => {
      const { start, end } = spanOfOperand(plan.kernel, x)
      const at = reserve((end - start) * size)
      heap.bytes.fill(0, at, at + (end - start) * size)
      return at - start * size
    })
    const runs = ways.map((way) => {
      const tables = reserve(way.tables.byteLength)
      heap.int32.set(way.tables, tables / 4)
      const part = Math.min(1, Math.max(PART, ENOUGH / plan.flops))
      const units = Math.max(1, Math.ceil(way.units * part))
      const calls = way.calls({ a, b, c }, 0, units, { tables, scratch: reserve(way.scratchBytes) })
      return { run: () => perform(calls, callees), parts: way.units / units }
    })
    return shortest(runs.map(({ run }) => run)).map((time, i) => time * runs[i].parts)
  } finally {
    for (const at of taken) heap.release(at)
  }
}

/**
 * The shortest time of each, in turns: other work that comes in between hits all. The first runs also make the engine
 * compile and the caches load.
 */
function shortest(runs: readonly (() => void)[]): number[] {
  for (const run of runs) run()
  const least = runs.map(() => Infinity)
  const end = performance.now() + PATIENCE * runs.length
  for (let i = 0; i < LEAST_RUNS || performance.now() < end; i++) {
    for (const [r, run] of runs.entries()) {
      const start = performance.now()
      run()
      least[r] = Math.min(least[r], performance.now() - start)
    }
  }
  return least
}
