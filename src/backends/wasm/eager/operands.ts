/**
 * Operands as elementwise kernels take them: the result's shape as rows and columns, and each operand as one that runs
 * along with it, repeats a row, has one element per row, or is a number. One element, or one that is repeated for all
 * others (the gradient of a sum), counts as a number.
 */
import { isContiguous, sameShape, sizeOf } from '../../../ops/shape.ts'
import type { Shape, Strided, TypedArray } from '../../../ops/value.ts'
import { broadcastStrides, collapse } from '../../js/layout.ts'
import type { Walk } from './kernel.ts'

export interface Staged {
  readonly walk: Walk
  /** The number, where it is one. */
  readonly value: number
  readonly data: TypedArray
  readonly start: number
  /** From one element of a column to the next. */
  readonly stride: number
}

export interface Layout {
  readonly rows: number
  readonly columns: number
  readonly operands: readonly Staged[]
}

type Inputs = readonly (Strided | number)[]

const NONE = new Float64Array(0)
const number = (value: number): Staged => ({ walk: 'number', value, data: NONE, start: 0, stride: 0 })

/** Undefined where an operand is no array of floats, or walked in a way that has no kernel. */
export function layOut(inputs: Inputs, shape: Shape): Layout | undefined {
  return allAlong(inputs, shape) ?? inRows(inputs, shape)
}

/** The common case: numbers, and arrays of the result's own layout. */
function allAlong(inputs: Inputs, shape: Shape): Layout | undefined {
  const operands: Staged[] = []
  for (const x of inputs) {
    const value = asNumber(x)
    if (value !== undefined) operands.push(number(value))
    else if (isAlong(x as Strided, shape)) operands.push(along(x as Strided, 1))
    else return undefined
  }
  return { rows: 1, columns: sizeOf(shape), operands }
}

function inRows(inputs: Inputs, shape: Shape): Layout | undefined {
  const arrays = inputs.filter((x): x is Strided => asNumber(x) === undefined)
  if (!arrays.every(isFloating)) return undefined
  const loops = collapse(
    shape,
    arrays.map((x) => broadcastStrides(x, shape)),
  )
  if (loops.sizes.length > 2) return undefined
  const [columns = 1, rows = 1] = loops.sizes.toReversed()
  const operands: Staged[] = []
  for (const x of inputs) {
    const value = asNumber(x)
    if (value !== undefined) operands.push(number(value))
    else {
      const [across, down = columns] = loops.strides[arrays.indexOf(x as Strided)].toReversed()
      const walk = walkOf(down, across, columns)
      if (!walk) return undefined
      operands.push({ ...along(x as Strided, down), walk })
    }
  }
  return { rows, columns, operands }
}

function walkOf(down: number, across: number, columns: number): Walk | undefined {
  if (across === 0) return 'column'
  if (across !== 1) return undefined
  return down === columns ? 'along' : down === 0 ? 'row' : undefined
}

function asNumber(x: Strided | number): number | undefined {
  if (typeof x === 'number') return x
  for (let i = 0; i < x.shape.length; i++) if (x.shape[i] !== 1 && x.strides[i] !== 0) return undefined
  return x.buffer[x.offset]
}

const isFloating = (x: Strided): boolean => x.dtype === 'float32' || x.dtype === 'float64'
const isAlong = (x: Strided, shape: Shape): boolean =>
  isFloating(x) && sameShape(x.shape, shape) && isContiguous(x.shape, x.strides)
const along = (x: Strided, stride: number): Staged => ({
  walk: 'along',
  value: 0,
  data: x.buffer,
  start: x.offset,
  stride,
})
