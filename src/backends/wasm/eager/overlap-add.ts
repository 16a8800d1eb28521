/**
 * Adding up windows that overlap, the gradient of a convolution's input: 3 by 3 windows are nine times the picture, and
 * every element is added to one. Pieces of the windows that fit into the second cache are copied into the memory and
 * added to their part of the result there, in vectors where neighbours meet neighbours.
 */
import { DeviceError } from '../../../errors/index.ts'
import { sizeOf } from '../../../ops/shape.ts'
import type { Strided } from '../../../ops/value.ts'
import { type Loops, walk } from '../../js/layout.ts'
import { spanOf } from '../../span.ts'
import { i32, type Local, load, op, store } from '../emit/code.ts'
import type { FunctionBuilder } from '../emit/function.ts'
import { ModuleBuilder } from '../emit/module.ts'
import { type FloatFormat, formatOf } from '../format.ts'
import type { Heap } from '../memory.ts'
import { entry, i32s, sum } from '../tables.ts'
import { findWasm, instantiate, type Kernel } from '../wasm.ts'
import { from } from './mode.ts'
import { mayDetach } from './staging.ts'
import { addSpread, fillTable, regions, tableBytes } from './tables.ts'

/** From so many elements on, and so many for each element of the result, WebAssembly is faster (measured). */
const WORTH = 2048
const OVERLAP = 2
/** Elements of a piece of windows. */
const PIECE = 2 ** 17
/** Elements of windows and result that are in the memory at once. */
const MOST = 2 ** 23

/** target[...] += source[...]; false, and nothing is done, where JavaScript is as fast or something is missing. */
export function addInWasm(target: Strided, source: Strided): boolean {
  const format = target.dtype === source.dtype ? formatOf(target.dtype) : undefined
  const elements = sizeOf(source.shape)
  if (!format || elements < from(WORTH) || elements < OVERLAP * target.buffer.length) return false
  const heap = findWasm()
  return heap !== undefined && !mayDetach(heap, target.buffer, source.buffer) && addPieces(target, source, format, heap)
}

/** The first loop goes from piece to piece, the last two are planes, those between them become tables. */
function addPieces(target: Strided, source: Strided, format: FloatFormat, heap: Heap): boolean {
  const { sizes, strides } = atLeastThree(walk(target, source.strides))
  const [to, from] = strides
  const [n, rows, columns] = [sizes[0], sizes[sizes.length - 2], sizes[sizes.length - 1]]
  const each = reach(sizes, from, 1).size
  if (n * each > 2 * sizeOf(sizes)) return false
  const group = Math.min(n, Math.max(1, Math.floor(PIECE / each)))
  const most = [to, from].map((own) => reach(sizes, own, group).size)
  if (most[0] + most[1] > MOST) return false
  const { size } = format
  const inner = sizes.slice(1, -2)
  const planes = sizeOf(inner)
  const tables = tableBytes(group * planes)
  const at = roomFor(heap, [...most.map((span) => span * size), tables, tables])
  if (!at) return false
  const { spread, addPlanes } = kernelsOf(format, heap)
  fillTable(heap, spread, at[2], [group, ...inner], to.slice(0, -2), size)
  fillTable(heap, spread, at[3], [group, ...inner], from.slice(0, -2), size)
  const steps = [to.at(-2)!, from.at(-2)!, to.at(-1)!, from.at(-1)!].map((step) => step * size)
  const memory = heap[format.dtype]
  for (let i = 0; i < n; i += group) {
    const count = Math.min(group, n - i)
    const [out, seen] = [target, source].map(({ buffer, offset }, x) => {
      const { low, size: span } = reach(sizes, strides[x], count)
      const start = offset + i * strides[x][0] + low
      const part = buffer.subarray(start, start + span)
      memory.set(part, at[x] / size)
      return { part, first: at[x] - low * size, span }
    })
    addPlanes(out.first, seen.first, at[2], at[3], count * planes, rows, columns, ...steps)
    out.part.set(memory.subarray(at[0] / size, at[0] / size + out.span))
  }
  return true
}

/** Loops of size 1 around the others. */
function atLeastThree({ sizes, strides }: Loops): Loops {
  const missing = Math.max(0, 3 - sizes.length)
  const more = (values: readonly number[], value: number) => [...new Array<number>(missing).fill(value), ...values]
  return { sizes: more(sizes, 1), strides: strides.map((own) => more(own, 0)) }
}

/** What the loops meet if the first has `first` indices: elements, and how far the lowest lies below the start. */
function reach(sizes: readonly number[], strides: readonly number[], first: number): { low: number; size: number } {
  const { start, end } = spanOf([first, ...sizes.slice(1)], strides)
  return { low: start, size: end - start }
}

function roomFor(heap: Heap, bytes: readonly number[]): number[] | undefined {
  try {
    return regions(heap, bytes)
  } catch (error) {
    if (error instanceof DeviceError) return undefined
    throw error
  }
}

const kernels = new Map<FloatFormat, Record<string, Kernel>>()

function kernelsOf(format: FloatFormat, heap: Heap): Record<string, Kernel> {
  let known = kernels.get(format)
  if (!known) kernels.set(format, (known = instantiate(overlapModule(format), heap)))
  return known
}

/**
 * `addPlanes(to, from, tableTo, tableFrom, count, rows, columns, rowTo, rowFrom, stepTo, stepFrom)`: adds planes of
 * elements, the first of which lie where the tables say; rows and columns are so many bytes apart.
 */
function overlapModule(format: FloatFormat): ModuleBuilder {
  const module = new ModuleBuilder()
  addSpread(module)
  module.function('addPlanes', i32s(11), 'none', (f, params) => {
    const [to, from, tableTo, tableFrom, count, rows, columns, rowTo, rowFrom, stepTo, stepFrom] = params
    const side = (step: Local<'i32'>) => op('i32.eq', step, i32(format.size))
    const sideBySide = f.let(op('i32.and', side(stepTo), side(stepFrom)))
    const [p, q, left] = [f.local('i32'), f.local('i32'), f.local('i32')]
    f.repeat(count, 1, (i) => {
      const plane = f.let(op('i32.shl', i, i32(2)))
      const startTo = f.let(sum(to, entry(sum(tableTo, plane))))
      const startFrom = f.let(sum(from, entry(sum(tableFrom, plane))))
      f.repeat(rows, 1, () => {
        f.set(p, startTo)
        f.set(q, startFrom)
        f.set(left, columns)
        f.if(sideBySide, () => {
          addWhile(f, left, format.count, () => {
            f.do(store('v128.store', p, op(format.add, load('v128.load', p), load('v128.load', q))))
            f.advance(p, 16)
            f.advance(q, 16)
          })
        })
        addWhile(f, left, 1, () => {
          f.do(addOne(format, p, q))
          f.advance(p, stepTo)
          f.advance(q, stepFrom)
        })
        f.advance(startTo, rowTo)
        f.advance(startFrom, rowFrom)
      })
    })
  })
  return module
}

/** As long as there are `some` left. */
function addWhile(f: FunctionBuilder, left: Local<'i32'>, some: number, body: () => void): void {
  f.block((done) => {
    f.loop((again) => {
      f.jump(done, op('i32.lt_s', left, i32(some)))
      body()
      f.advance(left, -some)
      f.jump(again)
    })
  })
}

const addOne = ({ size }: FloatFormat, p: Local<'i32'>, q: Local<'i32'>) =>
  size === 4
    ? store('f32.store', p, op('f32.add', load('f32.load', p), load('f32.load', q)))
    : store('f64.store', p, op('f64.add', load('f64.load', p), load('f64.load', q)))
