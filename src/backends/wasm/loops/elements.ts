/**
 * Elements of streams into lanes and back, converted on the way: whole vectors where elements are neighbours, one element
 * in every lane where it repeats, else lane by lane. A vector may be read beyond the last element, into the slack that
 * every region has; it is never written there.
 */
import { bytesPerElement } from '../../../ops/dtype.ts'
import type { DType } from '../../../ops/value.ts'
import { type Expr, i32, lane, load, op, shuffle, store, storeLane, v128 } from '../emit/code.ts'
import type { Lanes } from '../lanes.ts'

type Vector = Expr<'v128'>
type Address = Expr<'i32'>

/** Which place of memory: an address and a distance from it in bytes, which may be negative. */
export interface Spot {
  readonly at: Address
  readonly offset: number
}

export const spot = (at: Address, offset: number): Spot =>
  offset < 0 ? { at: op('i32.add', at, i32(offset)), offset: 0 } : { at, offset }

/** The vector of elements `stride` apart, of which `lanes` exist. */
export function readVector(l: Lanes, dtype: DType, at: Address, offset: number, stride: number, lanes: number): Vector {
  if (stride === 0) return readSplat(l, dtype, at, offset)
  if (stride === 1) return readNeighbours(l, dtype, spot(at, offset))
  if (stride === 2 && dtype === 'float32' && l.count === 4) return readEverySecond(spot(at, offset))
  if (stride === 4 && dtype === 'bool' && l.count === 4) return readFourths(spot(at, offset))
  return gather(l, dtype, at, offset, stride * bytesPerElement[dtype], lanes)
}

/** Picks the low bytes of a vector's first four bytes into four lanes; 16 and more pick a 0. */
const spread = v128([0, 16, 16, 16, 1, 16, 16, 16, 2, 16, 16, 16, 3, 16, 16, 16])

const swizzled = (x: Vector): Vector => op('i8x16.swizzle', x, spread)

function readNeighbours(l: Lanes, dtype: DType, { at, offset }: Spot): Vector {
  const single = l.count === 4
  switch (dtype) {
    case 'float32':
      return single
        ? load('v128.load', at, offset)
        : op('f64x2.promote_low_f32x4', load('v128.load64_zero', at, offset))
    case 'float64': {
      const low = load('v128.load', at, offset)
      if (!single) return low
      return joined(
        op('f32x4.demote_f64x2_zero', low),
        op('f32x4.demote_f64x2_zero', load('v128.load', at, offset + 16)),
      )
    }
    case 'int32':
      return single
        ? op('f32x4.convert_i32x4_s', load('v128.load', at, offset))
        : op('f64x2.convert_low_i32x4_s', load('v128.load64_zero', at, offset))
    case 'bool': {
      const words = swizzled(load('v128.load32_zero', at, offset))
      return single ? op('f32x4.convert_i32x4_s', words) : op('f64x2.convert_low_i32x4_s', words)
    }
  }
}

/** Two neighbouring vectors, and of each its first and third element. */
const readEverySecond = ({ at, offset }: Spot): Vector =>
  shuffle(load('v128.load', at, offset), load('v128.load', at, offset + 16), [0, 2, 4, 6])

/** The first byte of every word. */
const readFourths = ({ at, offset }: Spot): Vector =>
  op('f32x4.convert_i32x4_s', op('v128.and', load('v128.load', at, offset), v128([255, 0, 0, 0])))

const joined = (low: Vector, high: Vector): Vector => shuffle(low, high, [0, 1, 4, 5])

function readSplat(l: Lanes, dtype: DType, at: Address, offset: number): Vector {
  const { at: from, offset: by } = spot(at, offset)
  if (l.count === 4) {
    return dtype === 'float32' ? load('v128.load32_splat', from, by) : op('f32x4.splat', single(dtype, from, by))
  }
  return dtype === 'float64' ? load('v128.load64_splat', from, by) : op('f64x2.splat', double(dtype, from, by))
}

function single(dtype: DType, at: Address, offset: number): Expr<'f32'> {
  if (dtype === 'float32') return load('f32.load', at, offset)
  if (dtype === 'float64') return op('f32.demote_f64', load('f64.load', at, offset))
  return op('f32.convert_i32_s', load(dtype === 'bool' ? 'i32.load8_u' : 'i32.load', at, offset))
}

function double(dtype: DType, at: Address, offset: number): Expr<'f64'> {
  if (dtype === 'float64') return load('f64.load', at, offset)
  if (dtype === 'float32') return op('f64.promote_f32', load('f32.load', at, offset))
  return op('f64.convert_i32_s', load(dtype === 'bool' ? 'i32.load8_u' : 'i32.load', at, offset))
}

function gather(l: Lanes, dtype: DType, at: Address, offset: number, step: number, lanes: number): Vector {
  let vector = readSplat(l, dtype, at, offset)
  for (let i = 1; i < lanes; i++) {
    const from = spot(at, offset + i * step)
    vector =
      l.count === 4
        ? lane('f32x4.replace_lane', i, vector, single(dtype, from.at, from.offset))
        : lane('f64x2.replace_lane', i, vector, double(dtype, from.at, from.offset))
  }
  return vector
}

/** Writes the first `lanes` lanes of the value, `stride` elements apart; flags are masks. */
export function writeVector(
  l: Lanes,
  dtype: DType,
  at: Address,
  offset: number,
  stride: number,
  lanes: number,
  value: Vector,
): void {
  const size = bytesPerElement[dtype]
  const parts = converted(l, dtype, value)
  const perPart = dtype === 'bool' ? 4 : 16 / size
  for (const [i, part] of parts.entries()) {
    const held = l.f.let(part)
    const left = Math.min(perPart, l.count - i * perPart, lanes - i * perPart)
    const from = offset + i * perPart * stride * size
    if (stride === 1) writeNeighbours(l, dtype, spot(at, from), held, left)
    else
      for (let k = 0; k < left; k++) {
        const to = spot(at, from + k * stride * size)
        writeLane(l, dtype, to, held, k)
      }
  }
}

/**
 * Of four rows of masks the flags as bytes, where those of a lane are neighbours and those of the next lane follow: as the
 * points of a window that is two by two.
 */
export function writeWindowFlags(l: Lanes, at: Address, masks: readonly Vector[], lanes: number): void {
  const flags = masks.map((mask, r) => op('v128.and', mask, v128([0, 1, 2, 3].map((i) => (i === r ? 1 : 0)))))
  const [a, b, c, d] = flags
  writeNeighbours(
    l,
    'int32',
    { at, offset: 0 },
    l.f.let(op('v128.or', op('v128.or', a, b), op('v128.or', c, d))),
    lanes,
  )
}

function writeNeighbours(l: Lanes, dtype: DType, { at, offset }: Spot, value: Vector, lanes: number): void {
  if (lanes <= 0) return
  const size = bytesPerElement[dtype]
  if (dtype === 'bool') {
    if (lanes === 4) l.f.do(storeLane('v128.store32_lane', at, bytes(value), 0, offset))
    else for (let k = 0; k < lanes; k++) writeLane(l, dtype, { at, offset: offset + k }, value, k)
  } else if (lanes * size === 16) l.f.do(store('v128.store', at, value, offset))
  else {
    if (lanes * size >= 8) l.f.do(storeLane('v128.store64_lane', at, value, 0, offset))
    if (lanes * size === 12 || lanes * size === 4) {
      const k = lanes - 1
      l.f.do(storeLane('v128.store32_lane', at, value, k, offset + 4 * k))
    }
  }
}

/** The low bytes of four words, side by side. */
const bytes = (words: Vector): Vector => op('i8x16.swizzle', words, v128([0, 4, 8, 12]))

function writeLane(l: Lanes, dtype: DType, { at, offset }: Spot, value: Vector, k: number): void {
  if (dtype === 'bool') l.f.do(store('i32.store8', at, lane('i32x4.extract_lane', k, value), offset))
  else l.f.do(storeLane(dtype === 'float64' ? 'v128.store64_lane' : 'v128.store32_lane', at, value, k, offset))
}

/** The value as vectors of the stream's elements; flags as words that are 0 or 1. */
function converted(l: Lanes, dtype: DType, value: Vector): Vector[] {
  const single = l.count === 4
  if (dtype === 'float32') return [single ? value : op('f32x4.demote_f64x2_zero', value)]
  if (dtype === 'float64') return single ? promoted(l, value) : [value]
  if (dtype === 'bool') {
    const mask = single ? value : l.f.let(value)
    const words = single ? mask : shuffle(mask, mask, [0, 2, 0, 2])
    return [op('v128.and', words, op('i32x4.splat', i32(1)))]
  }
  const wrapped = wrappedToInt(l, value)
  return [single ? op('i32x4.trunc_sat_f32x4_s', wrapped) : op('i32x4.trunc_sat_f64x2_s_zero', wrapped)]
}

function promoted(l: Lanes, value: Vector): Vector[] {
  const x = l.f.let(value)
  return [op('f64x2.promote_low_f32x4', x), op('f64x2.promote_low_f32x4', shuffle(x, x, [2, 3, 2, 3]))]
}

/** The integer part modulo 2³², between -2³¹ and 2³¹, as JavaScript stores numbers in an Int32Array. */
function wrappedToInt(l: Lanes, value: Vector): Vector {
  const x = l.let({ strands: [value] })
  const whole = l.let(l.withSign(l.floor(l.abs(x)), x))
  const turns = l.nearest(l.mul(whole, l.c(2 ** -32)))
  const rest = l.let(l.sub(whole, l.mul(turns, l.c(2 ** 32))))
  return l.sub(rest, l.and(l.le(l.c(2 ** 31), rest), l.c(2 ** 32))).strands[0]
}
