/**
 * What instructions are called and what they do at least: calls of intrinsics (products: 2 m n k), and the bytes of the
 * elements that they touch, each once.
 */
import type { Axes, LoopKernel, ProductKernel, Stream } from '../../backends/kernels.ts'
import { bytesPerElement } from '../../ops/dtype.ts'
import { sizeOf } from '../../ops/shape.ts'
import { freeArgs, type Scalar } from '../../scalar/index.ts'
import { callsOf } from './fuse/size.ts'

/** Names in the order of the graph, repetitions counted: `sub+exp+sum`, `add×3+relu`. */
export function labelOf(names: readonly string[]): string {
  const counted: { name: string; times: number }[] = []
  for (const name of names) {
    const known = counted.find((x) => x.name === name)
    if (known) known.times++
    else counted.push({ name, times: 1 })
  }
  const shown = counted.slice(0, MOST).map(({ name, times }) => (times > 1 ? `${name}×${times}` : name))
  return shown.join('+') + (counted.length > MOST ? `+${counted.length - MOST} more` : '')
}

/** So many different names are shown. */
const MOST = 8

/** `matmul 64x784x256`: rows, summed, columns, and the number of products where there are several. */
export function productLabel(
  name: string,
  { batch, rows, columns, summed }: Omit<ProductKernel, 'dtype' | 'add'>,
): string {
  const [count, m, n, k] = [batch, rows, columns, summed].map(({ sizes }) => sizeOf(sizes))
  return `${name} ${count > 1 ? `${count}x` : ''}${m}x${k}x${n}`
}

export function loopFlops({ sizes, folded, steps }: LoopKernel): number {
  const rows = sizeOf(sizes.slice(0, sizes.length - folded))
  const points = sizeOf(sizes)
  const varies = variesAlongRow(steps)
  return steps.reduce((flops, step, i) => {
    if (step.is === 'fold') return flops + (callsOf(step.of) + callsOf(step.combine)) * points
    return flops + callsOf(step.formula) * (folded === 0 || varies[i] ? points : rows)
  }, 0)
}

/** Which steps may have different values within a row: those that read an operand, or such a step. */
function variesAlongRow(steps: LoopKernel['steps']): boolean[] {
  const varies: boolean[] = []
  const reads = (s: Scalar) => freeArgs(s).some((name) => name.startsWith('r') || varies[Number(name.slice(1))])
  for (const step of steps) varies.push(step.is === 'map' && reads(step.formula))
  return varies
}

export const loopBytes = ({ sizes, reads, writes }: LoopKernel): number =>
  [...reads, ...writes].reduce((bytes, stream) => bytes + streamBytes(sizes, stream), 0)

const streamBytes = (sizes: readonly number[], { dtype, strides }: Stream): number =>
  bytesPerElement[dtype] * sizes.reduce((n, size, d) => (strides[d] === 0 ? n : n * size), 1)

export function productFlops({ batch, rows, columns, summed }: ProductKernel): number {
  return 2 * [batch, rows, columns, summed].reduce((n, { sizes }) => n * sizeOf(sizes), 1)
}

export function productBytes({ dtype, add, ...kernel }: ProductKernel): number {
  const axes: readonly Axes[] = [kernel.batch, kernel.rows, kernel.columns, kernel.summed]
  const touched = (operand: number) =>
    axes.reduce((n, { sizes, strides }) => n * sizes.reduce((m, s, d) => (strides[operand][d] === 0 ? m : m * s), 1), 1)
  return bytesPerElement[dtype] * (touched(0) + touched(1) + touched(2) * (add ? 2 : 1))
}
