/**
 * Elementwise kernels, made from the op's formula once for each pattern of operands: which are numbers, which run
 * along with the result, which are strided. A kernel is one loop of plain arithmetic; nothing is looked up or called
 * per element where code may be generated. Operands of one element count as numbers.
 */
import { allocate, dtypes } from '../../ops/dtype.ts'
import type { ElementwiseDefinition, ElementwiseKernel } from '../../ops/kinds/elementwise.ts'
import { isContiguous, sameShape, sizeOf } from '../../ops/shape.ts'
import type { DType, Spec, Strided, TypedArray } from '../../ops/value.ts'
import { codeGeneration, composeClosure, emitJs, scalarHelpers } from '../../scalar/index.ts'
import { runOnWasm } from '../wasm/eager/elementwise.ts'
import { broadcastStrides, collapse, type Loops } from './layout.ts'

const NUMBER = 0
const VECTOR = 1
const MODES = 2
const dtypeCode = Object.fromEntries(dtypes.map((d, i) => [d, i])) as Record<DType, number>

/** Runs the op into a new array, or into `into`, which must be contiguous and of the result's shape. */
export function runElementwise(
  op: ElementwiseDefinition,
  inputs: readonly (Strided | number)[],
  spec: Spec,
  into?: TypedArray,
): TypedArray {
  const n = sizeOf(spec.shape)
  const out = into ?? allocate(spec.dtype, n)
  if (runOnWasm(op, inputs, spec, out)) return out
  let key = dtypeCode[spec.dtype]
  const operands = new Array<TypedArray | number>(inputs.length)
  for (let i = 0; i < inputs.length; i++) {
    const x = inputs[i]
    key *= 8
    if (typeof x === 'number') operands[i] = x
    else if (isSingle(x.shape)) operands[i] = x.buffer[x.offset]
    else if (sameShape(x.shape, spec.shape) && isContiguous(x.shape, x.strides)) {
      operands[i] = x.offset === 0 ? x.buffer : x.buffer.subarray(x.offset)
      key += VECTOR + MODES * dtypeCode[x.dtype]
    } else return runStrided(op, inputs, spec, out)
  }
  let kernel = op.kernels.get(key)
  if (!kernel) {
    kernel = makeKernel(
      op,
      operands.map((x) => (typeof x === 'number' ? NUMBER : VECTOR)),
      spec.dtype,
    )
    op.kernels.set(key, kernel)
  }
  kernel(n, out, ...(operands as never[]))
  return out
}

function isSingle(shape: readonly number[]): boolean {
  for (let i = 0; i < shape.length; i++) if (shape[i] !== 1) return false
  return true
}

function makeKernel(op: ElementwiseDefinition, modes: readonly number[], dtype: DType): ElementwiseKernel {
  if (!codeGeneration.allowed()) return composeKernel(op, modes, dtype)
  const names = op.args.map((_, i) => `x${i}`)
  const args = Object.fromEntries(op.args.map((a, i) => [a, modes[i] === NUMBER ? names[i] : `${names[i]}[i]`]))
  const loads = op.args.map((a, i) => (modes[i] === NUMBER ? '' : `const v${i} = ${args[a]}\n`)).join('')
  op.args.forEach((a, i) => {
    if (modes[i] !== NUMBER) args[a] = `v${i}`
  })
  const { statements, results } = emitJs([op.formula], { args, integer: dtype === 'int32' })
  const body = `${loads}${statements.join('\n')}\nout[i] = ${store(results[0], dtype)}`
  const source = `return function (n, out, ${names.join(', ')}) {\nfor (let i = 0; i < n; i++) {\n${body}\n}\n}`
  return new Function('S', source)(scalarHelpers) as ElementwiseKernel
}

const store = (result: string, dtype: DType): string => (dtype === 'bool' ? `(${result}) !== 0 ? 1 : 0` : result)

function composeKernel(op: ElementwiseDefinition, modes: readonly number[], dtype: DType): ElementwiseKernel {
  const f = composeClosure(op.formula, [...op.args], { integer: dtype === 'int32' })
  const frame = new Float64Array(op.args.length)
  const flag = dtype === 'bool'
  return (n: number, out: TypedArray, ...operands: (TypedArray | number)[]) => {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < modes.length; k++) {
        frame[k] = modes[k] === NUMBER ? (operands[k] as number) : (operands[k] as TypedArray)[i]
      }
      const result = f(frame)
      out[i] = flag ? Number(result !== 0) : result
    }
  }
}

type StridedKernel = (
  out: TypedArray,
  sizes: number[],
  data: (TypedArray | number)[],
  offsets: number[],
  strides: number[][],
) => void

const stridedKernels = new WeakMap<object, Map<number, StridedKernel>>()

/** Broadcast and strided operands: nested loops over the merged dimensions, the result contiguous. */
function runStrided(
  op: ElementwiseDefinition,
  inputs: readonly (Strided | number)[],
  spec: Spec,
  out: TypedArray,
): TypedArray {
  const single = inputs.map((x) => typeof x === 'number' || isSingle(x.shape))
  const arrays = inputs.map((x, i) => (single[i] ? null : (x as Strided)))
  const loops = collapse(
    spec.shape,
    arrays.map((x) => (x ? broadcastStrides(x, spec.shape) : spec.shape.map(() => 0))),
  )
  if (loops.sizes.includes(0)) return out
  const data = inputs.map((x) => (typeof x === 'number' ? x : isSingle(x.shape) ? x.buffer[x.offset] : x.buffer))
  const offsets = arrays.map((x) => x?.offset ?? 0)
  stridedKernel(op, loops, arrays, single, spec.dtype)(out, loops.sizes, data, offsets, loops.strides)
  return out
}

function stridedKernel(
  op: ElementwiseDefinition,
  loops: Loops,
  arrays: readonly (Strided | null)[],
  single: readonly boolean[],
  dtype: DType,
): StridedKernel {
  let key = dtypeCode[dtype]
  arrays.forEach((x) => {
    key = key * 8 + (x ? 1 + dtypeCode[x.dtype] : 0)
  })
  key = key * 32 + loops.sizes.length
  let known = stridedKernels.get(op)
  if (!known) stridedKernels.set(op, (known = new Map()))
  let kernel = known.get(key)
  if (!kernel) known.set(key, (kernel = makeStridedKernel(op, single, loops.sizes.length, dtype)))
  return kernel
}

function makeStridedKernel(
  op: ElementwiseDefinition,
  single: readonly boolean[],
  rank: number,
  dtype: DType,
): StridedKernel {
  const generate = codeGeneration.allowed()
  const operands = op.args.map((_, k) => k)
  const moving = operands.filter((k) => !single[k])
  if (!generate) return composeStrided(op, single, dtype)
  const args = Object.fromEntries(op.args.map((a, k) => [a, single[k] ? `x${k}` : `v${k}`]))
  const { statements, results } = emitJs([op.formula], { args, integer: dtype === 'int32' })
  const lines = ['let o = 0']
  for (const k of operands) lines.push(`const x${k} = data[${k}]`)
  for (const k of moving) {
    lines.push(`let p${k}_0 = offsets[${k}]`)
    for (let d = 0; d < rank; d++) lines.push(`const s${k}_${d} = strides[${k}][${d}]`)
  }
  for (let d = 0; d < rank; d++) {
    lines.push(`for (let i${d} = 0, n${d} = sizes[${d}]; i${d} < n${d}; i${d}++) {`)
    if (d < rank - 1) for (const k of moving) lines.push(`let p${k}_${d + 1} = p${k}_${d}`)
  }
  for (const k of moving) lines.push(`const v${k} = x${k}[p${k}_${Math.max(rank - 1, 0)}]`)
  lines.push(...statements, `out[o++] = ${store(results[0], dtype)}`)
  for (let d = rank - 1; d >= 0; d--) {
    for (const k of moving) lines.push(`p${k}_${d} += s${k}_${d}`)
    lines.push('}')
  }
  const source = `return function (out, sizes, data, offsets, strides) {\n${lines.join('\n')}\n}`
  return new Function('S', source)(scalarHelpers) as StridedKernel
}

function composeStrided(op: ElementwiseDefinition, single: readonly boolean[], dtype: DType): StridedKernel {
  const f = composeClosure(op.formula, [...op.args], { integer: dtype === 'int32' })
  const frame = new Float64Array(op.args.length)
  return (out, sizes, data, offsets, strides) => {
    const index = sizes.map(() => 0)
    for (let o = 0; o < out.length; o++) {
      for (let k = 0; k < data.length; k++) {
        const at = index.reduce((p, i, d) => p + i * strides[k][d], offsets[k])
        frame[k] = single[k] ? (data[k] as number) : (data[k] as TypedArray)[at]
      }
      const result = f(frame)
      out[o] = dtype === 'bool' ? Number(result !== 0) : result
      for (let d = sizes.length - 1; d >= 0 && ++index[d] === sizes[d]; d--) index[d] = 0
    }
  }
}
