/** Which depths a table shows. */

/** About five round depths up to n, and n itself: 10, 20, 30, 40 and 50 for 50. */
export function roundDepths(n: number): readonly number[] {
  const step = roundStep(n / 5)
  const round = Array.from({ length: Math.floor(n / step) }, (_, i) => (i + 1) * step)
  return n % step === 0 ? round : [...round, n]
}

/** 1, 2, 5, 10, 20, ...: the first that is not below x. */
function roundStep(x: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(x)))
  return [1, 2, 5, 10].map((m) => m * power).find((step) => step >= x)!
}
