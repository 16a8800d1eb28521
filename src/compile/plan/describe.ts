/** What a program consists of, as numbers and as a table: one line per kernel, in the order in which they run. */
import type { Instruction } from '../../backends/kernels.ts'
import type { Lowered } from './lowered.ts'
import { counted, inColumns } from './table.ts'

export interface PlannedKernel {
  /** 'loop': fused loops, 'product': a matrix product, 'host': JavaScript. */
  readonly kind: Instruction['is']
  /** The operations in it: `add+relu`, `matmul 64x784x256`. */
  readonly label: string
  readonly flops: number
  /** Bytes of operands and results, each once. */
  readonly bytes: number
}

export interface Plan {
  readonly kernels: readonly PlannedKernel[]
  readonly flops: number
  readonly bytes: number
  /** Memory of intermediate results, which share it. */
  readonly arenaBytes: number
  /** Memory of arguments, results, constants and state. */
  readonly keptBytes: number
  /** The labels of the kernels that several operations became. */
  readonly fused: readonly string[]
  toText(): string
}

export function describe({ program }: Lowered): Plan {
  const { instructions, regions, arenaBytes } = program
  const kernels = instructions.map(({ is, label, flops, bytes }): PlannedKernel => ({ kind: is, label, flops, bytes }))
  const total = (of: (k: PlannedKernel) => number) => kernels.reduce((n, k) => n + of(k), 0)
  const plan = {
    kernels,
    flops: total((k) => k.flops),
    bytes: total((k) => k.bytes),
    arenaBytes,
    keptBytes: regions.reduce((n, r) => (r.is === 'kept' ? n + r.bytes : n), 0),
    fused: instructions.filter((i) => i.is === 'loop' && i.kernel.steps.length > 1).map(({ label }) => label),
  }
  return { ...plan, toText: () => table(plan) }
}

function table({ kernels, flops, bytes, arenaBytes, keptBytes }: Omit<Plan, 'toText'>): string {
  const rows = kernels.map((k) => [k.kind, k.label, counted(k.flops, 'FLOP'), counted(k.bytes, 'B')])
  rows.push(['total', `${kernels.length} kernels`, counted(flops, 'FLOP'), counted(bytes, 'B')])
  return [...inColumns(rows, 2), `memory: ${counted(arenaBytes, 'B')} shared, ${counted(keptBytes, 'B')} kept`].join(
    '\n',
  )
}
