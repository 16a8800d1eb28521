/**
 * Exact means over the standard normal distribution, by Gauss-Legendre quadrature. An interval is finished when its two
 * halves agree with it; jumps (the slope of relu) and logarithmic singularities are halved until what they could still
 * add is nothing.
 */

/** P(|z| > 12) is 4e-33. */
const REACH = 12
const ORDER = 12
/** Of all intervals together: far above what rounding makes of a sum, far below what anyone reads. */
const TOLERANCE = 1e-15
const DEEPEST = 60
/** Open at a time: a function that needs more has no mean that this finds. */
const MOST = 2 ** 14

/** The values of several functions at the same points, function by function. */
export type Integrands = (z: Float64Array) => readonly ArrayLike<number>[]

interface Interval {
  readonly from: number
  readonly width: number
  /** Per function. */
  readonly integrals: readonly number[]
}

/**
 * E[g(z)] for z ~ N(0, 1), function by function.
 * @returns NaN where the integral does not converge.
 */
export function normalMeans(g: Integrands): number[] {
  const starts = Array.from({ length: 2 * REACH }, (_, i) => i - REACH)
  let open = integrate(g, starts, 1)
  const scale = open[0].integrals.map((_, k) => open.reduce((sum, { integrals }) => sum + Math.abs(integrals[k]), 0))
  const totals = scale.map(() => 0)
  for (let depth = 1; open.length > 0; depth++) {
    if (depth > DEEPEST || open.length > MOST) return totals.map(() => Number.NaN)
    const width = 2 ** -depth
    const halves = integrate(
      g,
      open.flatMap(({ from }) => [from, from + width]),
      width,
    )
    const coarse = open
    const agrees = (i: number) =>
      scale.every((s, k) => Math.abs(pair(halves, i, k) - coarse[i].integrals[k]) <= TOLERANCE * s)
    open = []
    for (let i = 0; i < coarse.length; i++) {
      if (agrees(i)) for (const k of totals.keys()) totals[k] += pair(halves, i, k)
      else open.push(halves[2 * i], halves[2 * i + 1])
    }
  }
  return totals
}

const pair = (halves: readonly Interval[], i: number, k: number): number =>
  halves[2 * i].integrals[k] + halves[2 * i + 1].integrals[k]

function integrate(g: Integrands, starts: readonly number[], width: number): Interval[] {
  const { nodes, weights } = gaussLegendre
  const z = Float64Array.from(starts.flatMap((from) => nodes.map((t) => from + width * t)))
  const values = g(z)
  return starts.map((from, i) => ({
    from,
    width,
    integrals: values.map((v) =>
      weights.reduce((sum, weight, j) => {
        const at = i * ORDER + j
        return sum + weight * width * v[at] * density(z[at])
      }, 0),
    ),
  }))
}

const density = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)

/** Nodes and weights on [0, 1]: the roots of the Legendre polynomial by Newton's method from Tricomi's estimates. */
const gaussLegendre = (() => {
  const nodes: number[] = []
  const weights: number[] = []
  for (let i = 0; i < ORDER; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (ORDER + 0.5))
    let slope = 0
    for (let step = 0; step < 8; step++) {
      const { value, derivative } = legendre(x)
      slope = derivative
      x -= value / derivative
    }
    nodes.push((1 - x) / 2)
    weights.push(1 / ((1 - x * x) * slope * slope))
  }
  return { nodes, weights }
})()

/** P_n by the recurrence k P_k = (2k - 1) x P_{k-1} - (k - 1) P_{k-2}, and its derivative n (x P_n - P_{n-1}) / (x² - 1). */
function legendre(x: number): { value: number; derivative: number } {
  let [before, value] = [1, x]
  for (let k = 2; k <= ORDER; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k]
  return { value, derivative: (ORDER * (x * value - before)) / (x * x - 1) }
}
