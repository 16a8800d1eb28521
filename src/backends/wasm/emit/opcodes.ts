/**
 * The WebAssembly instructions for numbers and vectors, by their standard names: code, operand types, result type. Types
 * are letters, as in `vvi`: i = i32, l = i64, f = f32, d = f64, v = v128; '' is no result. TypeScript reads the same
 * table, so an operand of the wrong type does not compile. Codes after a prefix byte are written `FC + n`, `FD + n`.
 */

/** Prefixes of two-part codes, shifted so that code and prefix make one number. */
const FC = 0xfc000
export const FD = 0xfd000

export type Entry<A extends string = string, R extends string = string> = readonly [
  code: number,
  operands: A,
  result: R,
]

function family<P extends string, A extends string, R extends string, const T extends Record<string, number>>(
  prefix: P,
  operands: A,
  result: R,
  codes: T,
) {
  const named = Object.entries(codes).map(([name, code]) => [`${prefix}.${name}`, [code, operands, result]])
  return Object.fromEntries(named) as { readonly [K in keyof T & string as `${P}.${K}`]: Entry<A, R> }
}

const scalar = {
  ...family('i32', 'i', 'i', { eqz: 0x45, clz: 0x67, ctz: 0x68, popcnt: 0x69 }),
  ...family('i32', 'ii', 'i', { eq: 0x46, ne: 0x47, lt_s: 0x48, lt_u: 0x49, gt_s: 0x4a, gt_u: 0x4b }),
  ...family('i32', 'ii', 'i', { le_s: 0x4c, le_u: 0x4d, ge_s: 0x4e, ge_u: 0x4f, add: 0x6a, sub: 0x6b, mul: 0x6c }),
  ...family('i32', 'ii', 'i', { div_s: 0x6d, div_u: 0x6e, rem_s: 0x6f, rem_u: 0x70, and: 0x71, or: 0x72, xor: 0x73 }),
  ...family('i32', 'ii', 'i', { shl: 0x74, shr_s: 0x75, shr_u: 0x76 }),
  ...family('i64', 'll', 'i', { eq: 0x51, ne: 0x52, lt_s: 0x53, lt_u: 0x54, gt_s: 0x55, gt_u: 0x56 }),
  ...family('i64', 'll', 'l', { add: 0x7c, sub: 0x7d, mul: 0x7e, and: 0x83, or: 0x84, xor: 0x85 }),
  ...family('i64', 'll', 'l', { shl: 0x86, shr_s: 0x87, shr_u: 0x88 }),
  ...family('f32', 'ff', 'i', { eq: 0x5b, ne: 0x5c, lt: 0x5d, gt: 0x5e, le: 0x5f, ge: 0x60 }),
  ...family('f32', 'f', 'f', { abs: 0x8b, neg: 0x8c, ceil: 0x8d, floor: 0x8e, trunc: 0x8f, nearest: 0x90, sqrt: 0x91 }),
  ...family('f32', 'ff', 'f', { add: 0x92, sub: 0x93, mul: 0x94, div: 0x95, min: 0x96, max: 0x97, copysign: 0x98 }),
  ...family('f64', 'dd', 'i', { eq: 0x61, ne: 0x62, lt: 0x63, gt: 0x64, le: 0x65, ge: 0x66 }),
  ...family('f64', 'd', 'd', { abs: 0x99, neg: 0x9a, ceil: 0x9b, floor: 0x9c, trunc: 0x9d, nearest: 0x9e, sqrt: 0x9f }),
  ...family('f64', 'dd', 'd', { add: 0xa0, sub: 0xa1, mul: 0xa2, div: 0xa3, min: 0xa4, max: 0xa5, copysign: 0xa6 }),
  ...family('i32', 'l', 'i', { wrap_i64: 0xa7 }),
  ...family('i32', 'f', 'i', { reinterpret_f32: 0xbc, trunc_sat_f32_s: FC + 0 }),
  ...family('i32', 'd', 'i', { trunc_sat_f64_s: FC + 2 }),
  ...family('i64', 'i', 'l', { extend_i32_s: 0xac, extend_i32_u: 0xad }),
  ...family('i64', 'd', 'l', { reinterpret_f64: 0xbd, trunc_sat_f64_s: FC + 6 }),
  ...family('f32', 'i', 'f', { convert_i32_s: 0xb2, convert_i32_u: 0xb3, reinterpret_i32: 0xbe }),
  ...family('f32', 'd', 'f', { demote_f64: 0xb6 }),
  ...family('f64', 'i', 'd', { convert_i32_s: 0xb7, convert_i32_u: 0xb8 }),
  ...family('f64', 'l', 'd', { convert_i64_s: 0xb9, reinterpret_i64: 0xbf }),
  ...family('f64', 'f', 'd', { promote_f32: 0xbb }),
} as const

const splats = {
  ...family('i8x16', 'i', 'v', { splat: FD + 0x0f }),
  ...family('i16x8', 'i', 'v', { splat: FD + 0x10 }),
  ...family('i32x4', 'i', 'v', { splat: FD + 0x11 }),
  ...family('i64x2', 'l', 'v', { splat: FD + 0x12 }),
  ...family('f32x4', 'f', 'v', { splat: FD + 0x13 }),
  ...family('f64x2', 'd', 'v', { splat: FD + 0x14 }),
} as const

const vector = {
  ...family('v128', 'v', 'v', { not: FD + 0x4d }),
  ...family('v128', 'vv', 'v', { and: FD + 0x4e, andnot: FD + 0x4f, or: FD + 0x50, xor: FD + 0x51 }),
  ...family('v128', 'vvv', 'v', { bitselect: FD + 0x52 }),
  ...family('v128', 'v', 'i', { any_true: FD + 0x53 }),
  ...family('i8x16', 'vv', 'v', { swizzle: FD + 0x0e }),
  ...family('i32x4', 'vv', 'v', { eq: FD + 0x37, ne: FD + 0x38, lt_s: FD + 0x39, lt_u: FD + 0x3a, gt_s: FD + 0x3b }),
  ...family('i32x4', 'vv', 'v', {
    gt_u: FD + 0x3c,
    le_s: FD + 0x3d,
    le_u: FD + 0x3e,
    ge_s: FD + 0x3f,
    ge_u: FD + 0x40,
  }),
  ...family('i32x4', 'vv', 'v', { add: FD + 0xae, sub: FD + 0xb1, mul: FD + 0xb5, min_s: FD + 0xb6, max_s: FD + 0xb8 }),
  ...family('i32x4', 'vi', 'v', { shl: FD + 0xab, shr_s: FD + 0xac, shr_u: FD + 0xad }),
  ...family('i32x4', 'v', 'v', { abs: FD + 0xa0, neg: FD + 0xa1 }),
  ...family('i32x4', 'v', 'i', { all_true: FD + 0xa3, bitmask: FD + 0xa4 }),
  ...family('i64x2', 'vv', 'v', { add: FD + 0xce, sub: FD + 0xd1, mul: FD + 0xd5, eq: FD + 0xd6, ne: FD + 0xd7 }),
  ...family('i64x2', 'vv', 'v', { lt_s: FD + 0xd8, gt_s: FD + 0xd9, le_s: FD + 0xda, ge_s: FD + 0xdb }),
  ...family('i64x2', 'vi', 'v', { shl: FD + 0xcb, shr_s: FD + 0xcc, shr_u: FD + 0xcd }),
  ...family('i64x2', 'v', 'i', { all_true: FD + 0xc3, bitmask: FD + 0xc4 }),
  ...family('i64x2', 'v', 'v', { extend_low_i32x4_s: FD + 0xc7, extend_high_i32x4_s: FD + 0xc8 }),
  ...family('i64x2', 'v', 'v', { extend_low_i32x4_u: FD + 0xc9, extend_high_i32x4_u: FD + 0xca }),
  ...family('f32x4', 'vv', 'v', {
    eq: FD + 0x41,
    ne: FD + 0x42,
    lt: FD + 0x43,
    gt: FD + 0x44,
    le: FD + 0x45,
    ge: FD + 0x46,
  }),
  ...family('f32x4', 'v', 'v', { ceil: FD + 0x67, floor: FD + 0x68, trunc: FD + 0x69, nearest: FD + 0x6a }),
  ...family('f32x4', 'v', 'v', { abs: FD + 0xe0, neg: FD + 0xe1, sqrt: FD + 0xe3 }),
  ...family('f32x4', 'vv', 'v', { add: FD + 0xe4, sub: FD + 0xe5, mul: FD + 0xe6, div: FD + 0xe7 }),
  ...family('f32x4', 'vv', 'v', { min: FD + 0xe8, max: FD + 0xe9, pmin: FD + 0xea, pmax: FD + 0xeb }),
  ...family('f64x2', 'vv', 'v', {
    eq: FD + 0x47,
    ne: FD + 0x48,
    lt: FD + 0x49,
    gt: FD + 0x4a,
    le: FD + 0x4b,
    ge: FD + 0x4c,
  }),
  ...family('f64x2', 'v', 'v', { ceil: FD + 0x74, floor: FD + 0x75, trunc: FD + 0x7a, nearest: FD + 0x94 }),
  ...family('f64x2', 'v', 'v', { abs: FD + 0xec, neg: FD + 0xed, sqrt: FD + 0xef }),
  ...family('f64x2', 'vv', 'v', { add: FD + 0xf0, sub: FD + 0xf1, mul: FD + 0xf2, div: FD + 0xf3 }),
  ...family('f64x2', 'vv', 'v', { min: FD + 0xf4, max: FD + 0xf5, pmin: FD + 0xf6, pmax: FD + 0xf7 }),
} as const

const conversions = {
  ...family('i32x4', 'v', 'v', { trunc_sat_f32x4_s: FD + 0xf8, trunc_sat_f64x2_s_zero: FD + 0xfc }),
  ...family('f32x4', 'v', 'v', {
    convert_i32x4_s: FD + 0xfa,
    convert_i32x4_u: FD + 0xfb,
    demote_f64x2_zero: FD + 0x5e,
  }),
  ...family('f64x2', 'v', 'v', { convert_low_i32x4_s: FD + 0xfe, promote_low_f32x4: FD + 0x5f }),
} as const

/** a b + c with one rounding or two, whichever the processor does faster. Not in Node 20 without a flag. */
const relaxed = {
  ...family('f32x4', 'vvv', 'v', { relaxed_madd: FD + 0x105, relaxed_nmadd: FD + 0x106 }),
  ...family('f64x2', 'vvv', 'v', { relaxed_madd: FD + 0x107, relaxed_nmadd: FD + 0x108 }),
} as const

export const opcodes = { ...scalar, ...splats, ...vector, ...conversions, ...relaxed } as const
export type Opcode = keyof typeof opcodes

/** Reading memory: code, log2 of the natural alignment, result type. */
export const loads = {
  'i32.load': [0x28, 2, 'i'],
  'i32.load8_u': [0x2d, 0, 'i'],
  'i64.load': [0x29, 3, 'l'],
  'f32.load': [0x2a, 2, 'f'],
  'f64.load': [0x2b, 3, 'd'],
  'v128.load': [FD + 0x00, 4, 'v'],
  'v128.load32x2_s': [FD + 0x05, 3, 'v'],
  'v128.load32x2_u': [FD + 0x06, 3, 'v'],
  'v128.load32_splat': [FD + 0x09, 2, 'v'],
  'v128.load64_splat': [FD + 0x0a, 3, 'v'],
  'v128.load32_zero': [FD + 0x5c, 2, 'v'],
  'v128.load64_zero': [FD + 0x5d, 3, 'v'],
} as const
export type LoadOpcode = keyof typeof loads

/** Writing memory: code, log2 of the natural alignment, the type written. */
export const stores = {
  'i32.store': [0x36, 2, 'i'],
  'i32.store8': [0x3a, 0, 'i'],
  'i64.store': [0x37, 3, 'l'],
  'f32.store': [0x38, 2, 'f'],
  'f64.store': [0x39, 3, 'd'],
  'v128.store': [FD + 0x0b, 4, 'v'],
} as const
export type StoreOpcode = keyof typeof stores

/** Writing one lane of a vector: code, log2 of the lane's size. */
export const laneStores = {
  'v128.store32_lane': [FD + 0x5a, 2],
  'v128.store64_lane': [FD + 0x5b, 3],
} as const
export type LaneStoreOpcode = keyof typeof laneStores

/** Reading and replacing one lane: code, operand types, result type. */
export const lanes = {
  'i32x4.extract_lane': [FD + 0x1b, 'v', 'i'],
  'i32x4.replace_lane': [FD + 0x1c, 'vi', 'v'],
  'i64x2.extract_lane': [FD + 0x1d, 'v', 'l'],
  'i64x2.replace_lane': [FD + 0x1e, 'vl', 'v'],
  'f32x4.extract_lane': [FD + 0x1f, 'v', 'f'],
  'f32x4.replace_lane': [FD + 0x20, 'vf', 'v'],
  'f64x2.extract_lane': [FD + 0x21, 'v', 'd'],
  'f64x2.replace_lane': [FD + 0x22, 'vd', 'v'],
} as const
export type LaneOpcode = keyof typeof lanes
