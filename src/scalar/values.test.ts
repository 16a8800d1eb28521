import { describe, expect, it } from 'vitest'
import { erf, erfc } from './erf.ts'
import type { Intrinsic } from './expression.ts'
import { intrinsics } from './intrinsics.ts'
import { power, roundHalfEven } from './numeric.ts'

/** The distance from a reference that was itself rounded to a double, in units of its last place. */
function ulps(got: number, expected: number): number {
  if (Object.is(got, expected)) return 0
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(expected))), -1022)
  const unit = Math.abs(expected) < 2 ** exponent ? 2 ** (exponent - 53) : 2 ** (exponent - 52)
  return Math.abs(got - expected) / Math.max(unit, Number.MIN_VALUE)
}

/** mpmath at 200 bits, rounded once. */
// biome-ignore format: a table
const unary: { [F in Intrinsic]?: [number, number][] } = {
  exp: [[-700, 9.85967654375977e-305], [-1, 0.36787944117144233], [1e-9, 1.000000001], [0.5, 1.6487212707001282],
    [43.36, 6.776551377132435e18], [700, 1.0142320547350045e304]],
  expm1: [[-30, -0.9999999999999064], [-1e-10, -9.999999999500001e-11], [1e-5, 1.0000050000166668e-5],
    [0.7, 1.0137527074704764], [20, 485165194.4097903]],
  log: [[1e-300, -690.7755278982137], [0.3, -1.2039728043259361], [1.0000001, 9.999999505838704e-8],
    [5, 1.6094379124341003], [1e300, 690.7755278982137]],
  log1p: [[-0.85, -1.897119984885881], [-1e-12, -1.0000000000005e-12], [1e-5, 9.999950000333332e-6],
    [3, 1.3862943611198906]],
  sin: [[1e-5, 9.999999999833334e-6], [1, 0.8414709848078965], [Math.PI, 1.2246467991473532e-16],
    [1e6, -0.34999350217129294]],
  cos: [[1e-5, 0.99999999995], [Math.PI / 2, 6.123233995736766e-17], [1e6, 0.9367521275331447]],
  asin: [[-0.99999, -1.5663241871131188], [1e-4, 0.00010000000016666667], [0.5, 0.5235987755982989]],
  acos: [[-0.5, 2.0943951023931957], [0.3, 1.2661036727794992], [0.99999, 0.0044721396817777506]],
  sinh: [[1e-6, 1.0000000000001666e-6], [0.5, 0.5210953054937474], [-3, -10.017874927409903],
    [300, 9.712131976206279e129]],
  cosh: [[0.3, 1.0453385141288605], [-20, 242582597.70489514], [700, 5.0711602736750225e303]],
  tanh: [[1e-7, 9.999999999999966e-8], [0.3, 0.2913126124515909], [-1, -0.7615941559557649],
    [15, 0.9999999999998128]],
  erf: [[5e-324, 5e-324], [1e-310, 1.1283791670955e-310], [1e-8, 1.1283791670955126e-8], [0.1, 0.1124629160182849],
    [0.25, 0.27632639016823696], [0.5, 0.5204998778130465], [0.7, 0.6778011938374184], [0.8399, 0.7650869860347042],
    [0.84, 0.7651427114549945], [0.8492, 0.7702294637517884], [1, 0.8427007929497149], [1.5, 0.9661051464753108],
    [2, 0.9953222650189527], [3, 0.9999779095030014], [4.2, 0.9999999971445058], [5.5, 0.9999999999999927],
    [5.9999, 1], [6, 1], [40, 1]],
  erfc: [[-7, 2], [-5.9, 2], [-2, 1.9953222650189528], [-0.84, 1.7651427114549945], [-0.5, 1.5204998778130465],
    [1e-20, 1], [0.1, 0.887537083981715], [0.3999, 0.5717038029291627], [0.4, 0.5716076449533315],
    [0.5529, 0.43426236697384335], [0.7, 0.32219880616258156], [1, 0.15729920705028513], [2, 0.004677734981047266],
    [3.7, 1.6715105790914599e-7], [5.6875, 8.7422589522645e-16], [10, 2.088487583762545e-45],
    [12.9376, 8.819103928247361e-75], [20, 5.395865611607901e-176], [25.3, 2.293036860845902e-280],
    [26, 5.663192408856143e-296], [26.5, 2.2109076642637343e-307], [26.6153, 4.8193012872769e-310],
    [27, 5.23705e-319], [27.2, 1e-323], [28.1, 0]],
}

// biome-ignore format: a table
const binary: { [F in Intrinsic]?: [number, number, number][] } = {
  pow: [[2, 0.5, Math.SQRT2], [1.7, -3.3, 0.17358754434318882], [0.1, 7.5, 3.1622776601683805e-8],
    [10, 300.5, 3.1622776601683795e300], [123.456, -20.25, 4.434839602239283e-43]],
  atan2: [[1, 2, 0.4636476090008061], [-3, -0.5, -1.7359450042095235], [1e-10, -1, 3.141592653489793],
    [2, 1e-5, 1.5707913267948967]],
}

describe('values are within the stated bound of mpmath', () => {
  for (const [fn, rows] of Object.entries({ ...unary, ...binary }) as [Intrinsic, number[][]][])
    it(fn, () => {
      const { value, ulp } = intrinsics[fn]
      for (const row of rows) {
        const expected = row[row.length - 1]
        expect(ulps(value(...row.slice(0, -1)), expected), `${fn}(${row.slice(0, -1)})`).toBeLessThanOrEqual(ulp + 0.5)
      }
    })
})

describe('specials', () => {
  it('erf and erfc', () => {
    expect([NaN, Infinity, -Infinity, 0, -0].map(erf)).toEqual([NaN, 1, -1, 0, -0])
    expect([NaN, Infinity, -Infinity, 0, -0].map(erfc)).toEqual([NaN, 0, 2, 1, 1])
    for (const x of [1e-9, 0.3, 0.83, 0.85, 2, 5.99, 7]) expect(erf(-x)).toBe(-erf(x))
  })

  it('erf and erfc have no visible seam', () => {
    for (const seam of [0.4, 0.84, 6]) {
      expect(erf(seam * (1 + 1e-15)) - erf(seam)).toBeGreaterThanOrEqual(0)
      expect(erf(seam * (1 + 1e-15))).toBeCloseTo(erf(seam), 14)
      expect(erfc(seam) / erfc(seam * (1 - 1e-15)) - 1).toBeCloseTo(0, 12)
    }
  })

  it('pow follows IEEE where Math.pow does not, and Math.pow elsewhere', () => {
    for (const e of [NaN, Infinity, -Infinity, 0.5, 2]) expect(power(1, e)).toBe(1)
    expect(power(-1, Infinity)).toBe(1)
    expect(power(-1, -Infinity)).toBe(1)
    expect(power(-1, NaN)).toBe(NaN)
    const points = [0, -0, 0.5, -0.5, 2, -2, Infinity, -Infinity, NaN]
    for (const x of points)
      for (const e of [-3, -1, -0.5, 0, 0.5, 1, 2, 3, ...points]) expect(power(x, e), `${x}^${e}`).toBe(x ** e)
  })

  it('round goes half to even', () => {
    const points = [-2.5, -1.5, -0.5, -0, 0, 0.49999999999999994, 0.5, 1.5, 2.5, 4503599627370497.5, 1e300, -Infinity]
    expect(points.map(roundHalfEven)).toEqual([-2, -2, -0, -0, 0, 0, 0, 2, 2, 4503599627370498, 1e300, -Infinity])
    expect(roundHalfEven(NaN)).toBe(NaN)
  })

  it('comparisons, choices and remainders', () => {
    const { eq, lt, le, select, min, max, sign, fmod } = intrinsics
    expect([eq.value(1, 1), eq.value(NaN, NaN), lt.value(1, 2), lt.value(1, NaN), le.value(2, 2)]).toEqual([
      1, 0, 1, 0, 1,
    ])
    expect([select.value(0, 1, 2), select.value(-0, 1, 2), select.value(3, 1, 2)]).toEqual([2, 2, 1])
    expect([min.value(NaN, 1), max.value(1, NaN), max.value(-0, 0), min.value(0, -0)]).toEqual([NaN, NaN, 0, -0])
    expect([sign.value(NaN), sign.value(-3), sign.value(-Infinity)]).toEqual([NaN, -1, -1])
    expect([fmod.value(-7, 3), fmod.value(7, -3), fmod.value(1, 0), fmod.value(5, Infinity)]).toEqual([-1, 1, NaN, 5])
  })
})
